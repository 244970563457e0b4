"""Draws what is made of several shots, pages and films; and scores how lively a picture is."""
