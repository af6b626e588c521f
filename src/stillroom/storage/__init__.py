"""Where rows and pictures are kept: SQLite or PostgreSQL, a folder or an S3 store."""
