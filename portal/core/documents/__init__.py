"""Official documents 公文: what one says, and how it is set after GB/T 9704."""
