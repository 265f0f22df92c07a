"""What implements the domain's ports: storage, channels, key stores."""
