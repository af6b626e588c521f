"""Database and blob storage: SQLite or PostgreSQL for rows, a folder or an S3 bucket for pictures."""
