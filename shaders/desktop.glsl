// The first lines of every shader for desktop GPUs: OpenGL 3.3, which all of them have (macOS stops
// at 4.1).
#version 330 core
