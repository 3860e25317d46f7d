"""Published predictors of proven reoffending, each a pure function. They know no case and no extract."""
