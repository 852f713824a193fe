"""What is answered: solved scenarios, certificates, bands, tables and figures."""
