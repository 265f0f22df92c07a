"""Calendar 工作日历: working days and make-up weekends 调休, office hours, counting in them."""
