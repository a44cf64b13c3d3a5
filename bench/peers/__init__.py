"""What the web figures are measured against; it runs in an environment of the bench's own."""
