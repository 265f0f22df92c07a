"""Door for those who run the system: admin, security, auditor."""
