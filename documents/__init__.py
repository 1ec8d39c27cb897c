"""What leaves on paper or as a file: PDF, XLSX, CSV. Plain values in, bytes out; no storage, no screen."""
