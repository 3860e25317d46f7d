"""An invented London: people, conduct, referrals, and what the people decide. Reads only its own data."""
