#version 300 es
// The first lines of every shader of a page: WebGL 2.
precision highp float;
precision highp int;
precision highp sampler2D;
