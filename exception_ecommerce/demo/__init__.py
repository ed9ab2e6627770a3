from . import exception_demo_story
