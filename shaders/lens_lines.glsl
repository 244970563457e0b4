// Lines over what `ground` draws. Twin of the pixel function in netart/lens/lines.py.
vec4 lens_lines() {
    vec4 ink = carried();
    return vec4(ink.rgb + (1.0 - ink.a) * ground().rgb, 1.0);
}
