"""The foundation: libraries made safe to use. Knows nothing of the portal's domain."""
