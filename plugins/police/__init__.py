"""The police: reports, orders, warning markers and officers' recorded views, from their own extract."""
