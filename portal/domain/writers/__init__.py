"""Room writers 接入系统: other programs that file for residents, or measure by themselves."""
