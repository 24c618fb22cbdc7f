"""Tests of the teacher-conduct procedure."""
