"""Order, retries and fan-out by Prefect. Knows no rule about risk and opens no database."""
