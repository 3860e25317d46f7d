"""The screens, drawn by Streamlit. Computes nothing, decides nothing and opens no database."""
