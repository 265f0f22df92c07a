"""Public log 公开存证: every event sealed into one Merkle log that anybody can check."""
