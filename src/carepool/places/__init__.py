"""Who is where, and since when: councils, their Health and Wellbeing Boards, and the CCGs whose people they share."""
