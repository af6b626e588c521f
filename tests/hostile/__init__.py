"""Files that want to do harm, or are merely odd: made here, never kept."""
