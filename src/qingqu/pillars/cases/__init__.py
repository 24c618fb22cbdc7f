"""Cases: the teacher-conduct procedure of track T2, from acceptance to release, with its remedies and corrections."""
