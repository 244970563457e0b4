// The first lines of every compute shader: OpenGL 4.3, the first that has them.
#version 430 core
