"""What is measured, from which published figures, with which doubts: here, the admissions that the fund pays by."""
