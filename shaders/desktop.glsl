// The desktop dialect: OpenGL 3.3, the least that is asked of a GPU (macOS stops at 4.1).
#version 330 core
