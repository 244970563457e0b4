"""Usage errors cost one line that names the value: no traceback, no file, no waiting."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import Any

import moderngl
import pytest

from netart.pixels import MAX_PIXELS
from tests.png import changed, chunks, packed
from tests.program import EXPLICIT_TOML, SMALL, Run, files, program

WITHIN_S = 2  # of the processor, however busy it is
NINES = "9" * 5000

# Command line → what the line must say. SMALL is put behind `render` where no size is given.
USAGE = [
    # names
    ("render no-such", "unknown preset 'no-such'"),
    ("render slik", "did you mean silk"),
    ("render --activation tahn", "activation 'tahn': did you mean tanh"),
    ("render --output-activation sigmod --contrast off", "did you mean sigmoid"),
    ("render --palette corners:sum", "palette 'corners:sum': unknown name 'sum': did you mean sun"),
    ("render --palette zzz", "unknown palette 'zzz': one of .*klimt"),
    ("render --features x,angel", "feature 'angel': did you mean angle"),
    ("render --features sin_x", "sin_x:K"),
    ("render --features sin_x:nan", "sin_x:K"),
    ("render --features x:2", "'x:2'"),
    ("render --features tile:-2", "a number K, 1e-06 to 1e.06"),
    ("render --features spiral:2/3", "'spiral:2/3': write spiral:K with a number K"),
    ("render --features swirl:3/8", "'swirl:3/8': write swirl:F/A/B with a number F"),
    ("render --features swirl:1/8/13", "a number F, 1.1 to 1e.06"),
    ("render --features swirl:3/8/1.5", "a whole number B, 1 to 1e.06"),
    ("render --distribution he", "distribution 'he': did you mean he_normal or he_uniform?"),
    ("render --backend cpo", "backend 'cpo': did you mean cpu"),
    ("render --sed 5", "--seed"),
    ("render --pallete ink", "unknown option '--pallete': did you mean --palette?"),
    ("render --paltte ink", "unknown option '--paltte': did you mean --palette?"),
    ("render --Seed 5", "unknown option '--Seed': did you mean --seed?"),
    ("render --colour red", "unknown option '--colour': did you mean --line-colour?"),
    ("render --output a.png", "--output a.png: is the number of an output: -o names the file"),
    ("render --layers 8 16", "unknown preset '16': one of "),
    ("zoom silk --length 10", "unknown option '--length': netart zoom --help lists them"),
    ("help klimt", "unknown topic 'klimt': netart help palettes explains it"),
    ("render --zoom 5", "unknown option '--zoom': netart render --help lists them"),
    ("render -s 5", "unknown option '-s': netart render --help lists them"),
    ("--sed", "unknown option '--sed': netart --help lists them"),
    ("rendr", "unknown command 'rendr': did you mean render?"),
    ("Render", "unknown command 'Render': did you mean render?"),
    ("draw", "unknown command 'draw': netart --help lists them"),
    ("silk", "unknown command 'silk': did you mean netart render silk?"),
    ("tour-10", "unknown command 'tour-10': did you mean netart sheet tour-10?"),
    ("tour-20", "unknown command 'tour-20': did you mean netart animate tour-20?"),
    ("explicit.toml", "unknown command 'explicit.toml': did you mean netart render explicit.toml?"),
    ("no-such.toml", "netart: no-such.toml: no such file"),
    ("silk.run", "netart: silk.run: no such file"),
    ("help pallete", "unknown topic 'pallete': did you mean palette?"),
    ("help landscap", "unknown topic 'landscap': did you mean landscape?"),
    ("help tile", "unknown topic 'tile': netart help features explains it"),
    ("help relu", "unknown topic 'relu': netart help activations explains it"),
    ("help nonsense", "unknown topic 'nonsense': netart help lists them"),
    ("help network view", "unexpected extra argument"),
    ("render --activation ReLU", "did you mean relu?"),
    ("render --activation leaky", "did you mean leaky_relu?"),
    ("render --activation swish", "unknown activation 'swish': one of abs, .*triangle"),
    ("render --light reliefs", "did you mean relief?"),
    ("render --lens line", "did you mean lines?"),
    ("render --lens land", "did you mean landscape?"),
    ("render --backend compute", "did you mean gpu-compute?"),
    ("render --distribution xavier", "unknown distribution 'xavier': one of glorot_normal, "),
    ("render silkk", "did you mean silk?"),
    ("render tour", "did you mean tour-1 or tour-2 or tour-3?"),
    ("render preset", "unknown preset 'preset': one of "),
    ("render explicit", "unknown preset 'explicit': did you mean explicit.toml?"),
    ("render seed.toml", "netart: seed.toml: no such file"),
    ("render -o a.bmp", "unknown suffix '.bmp': one of .avif"),
    ("render -o a.jpgg", "unknown suffix '.jpgg': did you mean .jpg?"),
    ("zoom silk -o a.avi", "unknown suffix '.avi': one of .apng"),
    ("sheet --over weightscale=1,2", "unknown field 'weightscale': did you mean weight_scale?"),
    ("info no-such", "unknown preset 'no-such'"),
    ("network no-such", "unknown preset 'no-such'"),
    ("check no-such", "unknown preset 'no-such'"),
    ("info", "SOURCE"),
    ("render silk ember", "unexpected extra argument"),
    ("render no-such.toml", "no-such.toml: no such file"),
    ("render no-such.png", "no-such.png: no such file"),
    ("render no-such.npz", "no-such.npz: no such file"),
    ("render --network no-such.npz", "no-such.npz: no such file"),
    ("render empty.txt", "unknown suffix '.txt'"),
    # seeds
    ("render --seed -1", "--seed '-1': must be from 0 to 18446744073709551615"),
    ("render --seed 18446744073709551616", "must be from 0 to 18446744073709551615"),
    ("render --seed five", "--seed 'five': must be a whole number"),
    ("render --seed 1.5", "--seed '1.5'"),
    ("render --seed nan", "--seed 'nan'"),
    (f"render --seed {NINES}", "--seed"),
    ("render --mix 7:0.6,7:0.8", "each seed once"),
    ("render --mix 7:nan", "--mix '7:nan': must be a finite number"),
    ("render --mix 7:x", "--mix '7:x'"),
    ("render --mix -7:1", "seed -7"),
    ("render --mix 7:1e308,8:1e308", "finite"),
    # sizes
    ("render --size 0x5", "size 0x5"),
    ("render --size 5x0", "size 5x0"),
    ("render --size 4kk", "--size '4kk': did you mean 4k?"),
    ("render --size a4@0dpi", "--size 'a4@0dpi': behind @ stand 1 to 10,000 dpi"),
    ("render --size 5x", "--size '5x'"),
    ("render --size -5x5", "--size '-5x5'"),
    ("render --size 5.5x5", "--size '5.5x5'"),
    ("render --size 5x5x5", "--size '5x5x5'"),
    (f"render --size {NINES}x1", "--size"),
    ("render --size 131072x131073", f"more than {MAX_PIXELS:,} pixels"),
    ("render --size 999999999999x1", "more than"),
    ("render --size 2147483648x1", "size 2147483648x1"),
    ("render --size 2147483648x1 -o -", "size 2147483648x1"),
    ("render --size 2147483647x1", "size 2147483647x1"),
    ("render --size 2147483647x8 -o a.npy", "size 2147483647x8"),
    ("check --size 0x5", "size 0x5"),
    ("live --still 5x", "--still '5x': write WIDTHxHEIGHT"),
    ("check --size 100000x100000", "size 100000x100000"),
    # numbers
    ("render --radius 0", "radius"),
    ("render --radius -1", "radius"),
    ("render --radius nan", "radius"),
    ("render --radius inf", "radius"),
    ("render --radius wide", "--radius 'wide': must be a number"),
    ("render --weight-scale nan", "--weight-scale .*finite"),
    ("render --weight-scale inf", "--weight-scale .*finite"),
    ("render --weight-scale big", "--weight-scale 'big'"),
    ("render --weight-scale 0", "radius"),
    ("render --weight-scale 1e39", "float32"),
    ("render --bias-scale nan", "--bias-scale .*finite"),
    ("render --bias-scale -inf", "--bias-scale .*finite"),
    ("render --rotate nan", "rotat"),
    ("render --rotate left", "--rotate 'left'"),
    ("render --center 1", "write X,Y"),
    ("render --center 1,2,3", "write X,Y"),
    ("render --center nan,0", "--center 'nan,0'"),
    ("render --center 1e31,0", "1e30"),
    ("render --center 1e999999999,0", "--center '1e999999999,0'"),
    ("render --center 1e-3000,0", "2000"),
    ("render --contrast 1:0", "lower limit first"),
    ("render --contrast nan:1", "finite"),
    ("render --contrast 0:1,0:1", "2 pairs for 3 outputs"),
    ("render --contrast some", "auto, eased, off, or LO:HI"),
    ("render --latent t=nan", "--latent 't=nan'"),
    ("render --latent t", "write NAME=VALUE"),
    ("render --latent 3=3", "latent '3'"),
    ("render --latent t=1 --latent t=2", "latent"),
    ("render --latent x=1", "--center"),
    ("render --axes x,y,t", "--axes 'x,y,t'"),
    ("render --axes x,x", "two different inputs"),
    ("render --axes x,t", "unknown input 't'"),
    # structure
    ("render --layers 999999x999999", "--layers '999999x999999'"),
    ("render --layers 4000x30000", "at most 33,554,432"),
    ("render --layers 5x0", "width 0"),
    ("render --layers -1", "--layers '-1'"),
    ("render --layers 3x-2", "width -2"),
    ("render --layers deep", "--layers 'deep'"),
    (f"render --layers {NINES}", "--layers"),
    ("render --widths 5,,3", "--widths '5,,3'"),
    ("render --widths 5,0", "width 0"),
    ("render --widths 999999999x1", "--widths '999999999x1'"),
    ("render --outputs 0", "outputs"),
    ("render --outputs 99999", "outputs"),
    ("render --layers 2x5 --activation tanh,sin,relu", "3 for 2 hidden layers"),
    ("render --layer 17", "layer"),
    ("render --layer -1", "layer"),
    ("render --layer 16.5", "--layer 16.5: the network has hidden layers"),
    ("render --layer nan", "--layer 'nan': must be a finite number"),
    ("render --output 0", "--output 0: outputs go from 1 to 3"),
    ("render --output 4", "--output 4: outputs"),
    ("render --output 1 --palette rgb", "palette 'rgb' reads 3 outputs, of 1 that is drawn"),
    ("render --units 3", "--units '3': write LAYER.UNIT"),
    ("render --units 17.1", "layer 17 of 16 hidden layers"),
    ("render --units 0.1", "layer 0"),
    ("render --units 3.17", "unit 17 of layer 3, which has 16"),
    ("render --units 3.0", "unit 0"),
    ("render --units 3.1,3.2", "2 units, must be one or three"),
    ("render --units 3.1,3.2,4.1", "must be of one layer"),
    ("render --units 3.1 --palette hsv", "palette 'hsv' reads 3 outputs"),
    ("render --units 3.1 --layer 2", "beside lens.layer"),
    ("render --units 3.1 --output 2", "beside lens.output"),
    ("render --units 3.1 --output-activation tanh --contrast off", "--output-activation"),
    ("render --samples 0", "--samples 0: must be from 1 to 16"),
    ("render --samples 17", "--samples 17"),
    ("render --depth -1", "number of hidden layers"),
    ("render --width 0", "width 0"),
    ("network --layer 1.5", "a blend of two layers"),
    ("render --palette map:batlo", "unknown map 'batlo': did you mean batlow"),
    ("render --palette ramp:red,blak", "unknown colour 'blak': did you mean black"),
    ("render --palette cosine", "write a seed, or the twelve numbers"),
    ("render --palette oklch:a", "must be 1 to 2 numbers"),
    ("render --outputs 2 --palette rgb", "palette 'rgb' reads 3 outputs"),
    # phase
    ("phase --against x", "--against x: must be bias or depth"),
    ("phase --layers 2", "--layers 2: growth is measured from layer to layer: at least 3"),
    ("phase --widths 9,9,8", "--widths: hidden layers must be of one width"),
    ("phase --layers 3x9 --activation tanh,sin,tanh", "--activation: hidden layers must be of one"),
    ("phase --activation step", "--activation step: has no slope"),
    ("phase --mix 1:0.5,2:0.5", "--mix: networks are sampled from one seed each"),
    ("phase --size 379x280", "--size 379x280: the page needs 380x280 pixels at least"),
    ("phase --size 60000x60000", "--size 60000x60000: the page is drawn as a whole, at most"),
    ("phase -o a.svg", "a.svg: svg holds a single shot"),
    # sheets
    ("sheet", "what shall vary. give --over FIELD=VALUES"),
    ("sheet silk --over sed=1,2", "unknown field 'sed': did you mean seed"),
    ("sheet silk --over seed", "write FIELD=VALUES"),
    ("sheet silk --over seed=", "a value is missing"),
    ("sheet silk --over seed=9..1", "'9..1': runs backwards"),
    ("sheet silk --over radius=0..1*5:log", "equal ratios need ends of one sign"),
    ("sheet silk --over depth=1..2*1", "steps go from 2"),
    ("sheet silk --over layer=1..99", "panel 17: layer 17"),
    ("sheet silk --over seed=1,2 --over seed=3", "seed is varied twice"),
    ("sheet silk --over seed=1 --over depth=1 --over width=1", "3 fields, must be one or two"),
    ("sheet silk --over seed=1,2 --over depth=1,2 --columns 3", "sheet.columns: has no meaning"),
    ("sheet silk --over seed=1,2 --columns 0", "sheet.columns = 0"),
    ("sheet silk --over seed=1,2 --gutter -1", "sheet.gutter = -1"),
    ("sheet silk --over seed=1,2 --background whit", "sheet.background = 'whit'"),
    ("sheet silk --over palette=rgb,gry", "did you mean gray"),
    ("sheet silk --over palette=map:batlo", "did you mean batlow"),
    ("sheet silk --seeds 1..4 --best 5", "--best 5: must be from 1 to the 4 seeds"),
    ("sheet silk --seeds 1..4 --best 0", "--best 0"),
    ("sheet silk --best 3", "--best 3: has no meaning without --seeds"),
    ("sheet silk --seeds 1..20000", "20,000 panels, at most 10,000"),
    ("sheet silk --seeds 1-10", "'1-10': write 1..10"),
    ("sheet silk --seeds 1:10", "'1:10': write 1..10"),
    ("sheet silk --over depth=1-10", "'1-10': write 1..10"),
    ("sheet silk --seeds 0", "0 seeds: must be from 1 to 100,000; seed 0 alone: 0,"),
    ("sheet silk --seeds 4294967295", "4294967295 seeds: must be from 1 to"),
    ("sheet diagram --spots 3", "--spots 3: center: "),
    ("sheet curves-tanh --spots 3", "--spots 3: the picture spans x alone"),
    ("sheet silk --spots 0", "--spots 0: must be from 1 to 100"),
    ("sheet silk --spots 3 --seeds 3", "--spots 3: has no meaning where seed varies"),
    ("sheet silk --seeds 1,a", "--seed 'a': must be a whole number"),
    ("sheet silk --over palette=rgb;ramp:ink --contrast shared", "no contrast in common"),
    ("sheet silk --over contrast=off,auto --contrast shared", "contrast is what varies"),
    ("sheet silk --seeds 1..9 --size 100000x100000", "more than"),
    ("sheet silk --seeds 1..9 --size 9000x16 -o a.webp", "webp cannot be"),
    ("sheet explicit.toml --seeds 1,2", "the network's weights are explicit"),
    ("render --contrast shared", "--contrast 'shared'"),
    ("render silk#1", "silk#1: is not a sheet, it has no panels"),
    ("render tour-10#0", "panel 0: the sheet has panels 1 to 18"),
    ("render tour-10#19", "panel 19: the sheet has panels 1 to 18"),
    ("render tour-10", "tour-10 is a sheet: `netart sheet tour-10` draws it"),
    ("check tour-10", "tour-10 is a sheet"),
    ("render silk --save mine.txt", "unknown suffix '.txt'"),
    ("render silk --save mine.toml -o a.png", "--save: nothing is drawn"),
    ("render silk --save no/mine.toml", "there is no folder"),
    ("render tour-10#x", "tour-10#x: a panel is a number from 1"),
    ("render --palette batlo", "did you mean batlow"),
    ("render --palette all", "--palette all: a sheet draws all of them"),
    ("sheet --over output-activation=all", "--output-activation: the palette reads"),
    ("sheet --over seed=all", "--seed 'all': must be a whole number"),
    ("render --palette from:no-such.jpg", "no-such.jpg: no such file"),
    ("render --palette no-such.gpl", "no-such.gpl: no such file"),
    ("render --palette from:empty.txt", "empty.txt: is no picture that can be read"),
    ("sheet --over palette=sun;from:no-such.jpg", "no-such.jpg: no such file"),
    ("render --palette klmt", "unknown palette 'klmt': did you mean klimt"),
    ("render --palette ramp:sun", "unknown name 'sun': did you mean corners:sun"),
    ("render --palette ramp:#1234,white", "unknown colour '#1234': write #rgb, #rrggbb"),
    ("render --palette map:", "a name is missing after the colon"),
    ("render -o bad", "bad: has no suffix: add one, or give --format"),
    ("presets --sheet --json", "--json with --sheet"),
    ("presets -o all.png", "what is drawn is a --sheet"),
    ("presets --sheet -o all.txt", "unknown suffix '.txt'"),
    # films
    ("zoom silk --to 0", "--to 0: must be above 0"),
    ("zoom silk --to -1", "--to -1: must be above 0"),
    ("zoom silk --from x", "--from"),
    ("zoom silk --toward 1", "--toward 1: write X,Y or X%,Y%"),
    ("zoom silk --easing soft", "unknown easing 'soft'"),
    ("zoom silk --easing bezier:2,0,1,1", "x1 and x2 must be from 0 to 1"),
    ("zoom silk --loop cycle", "take ping-pong, or none"),
    ("zoom silk --loop round", "unknown loop 'round'"),
    ("zoom silk --frames 0", "frames = 0"),
    ("zoom silk --frames 10 --duration 1", "--frames: says the same thing as --duration"),
    ("zoom silk --duration -1", "--duration -1: must"),
    ("zoom silk --fps 0", "--fps '0'"),
    ("zoom silk --fps fast", "--fps 'fast'"),
    ("zoom silk --frame-range 5..1", "runs backwards"),
    ("zoom silk --frame-range 99..101", "frame 101: the film has frames 1 to 100"),
    ("zoom silk --frame-range a", "must be a whole number"),
    ("zoom silk --strip 0", "--strip 0"),
    ("zoom silk --strip 2 --json -o -", "--json with -o -: stdout carries the picture"),
    ("zoom silk --strip 101", "--strip 101"),
    ("zoom silk -o a.avi", "unknown suffix '.avi'"),
    ("zoom silk -o a.jpg", "needs a number for each frame"),
    ("zoom silk -o a.mp4 --codec vp9", "--codec vp9: mp4 takes h264, h265, av1"),
    ("zoom silk -o a.mp4 --codec h266", "unknown codec 'h266'"),
    ("zoom silk -o a.mp4 --crf 99", "--crf 99: h264 takes 0 to 51"),
    ("zoom silk -o a.mp4 --quality 101", "--quality 101: must be from 1 to 100, or lossless"),
    ("zoom silk -o a.apng --quality 5", "--quality 5: apng has none to choose"),
    ("zoom silk -o a.mp4 --repeat 2", "--repeat 2: players decide how often mp4 plays"),
    ("zoom silk -o a.gif --repeat never", "--repeat never: must be forever, or from 1 to 65,535"),
    ("zoom silk -o a.gif --max-bytes 5XB", "--max-bytes '5XB': write a size as 5MB, 500kB"),
    ("zoom silk --strip 2 --crf 5", "--crf: of films, not of a strip"),
    ("zoom silk -o a.mp4 --pixels rgb24", "--pixels rgb24: h264 takes"),
    ("zoom silk -o a.mp4 --size 65x65 --pixels yuv420p", "needs even sides"),
    ("zoom silk -o a.mp4 --bits 12", "12 bits: h264 takes 8 or 10"),
    ("zoom silk -o a.mp4 --size 20000x16", "sides of h264 go from"),
    ("zoom silk --format frames", "numbered frames need a number in their name"),
    ("zoom silk --format avi", "unknown format 'avi'"),
    ("zoom silk -o no/a.mp4", "there is no folder"),
    ("zoom silk -o -", "needs a format"),
    ("zoom tour-10", "tour-10 is a sheet"),
    ("zoom lava", "lava is a film: `netart animate lava` draws it"),
    ("render lava", "lava is a film"),
    ("sheet lava --seeds 1,2", "lava is a film"),
    ("scale explicit.toml --to 0", "--to 0: must be above or below 0"),
    ("slice explicit.toml", "latent|input"),
    ("slice silk --from a=1", "--from: has no meaning without --to"),
    ("slice silk --to a=1", "--to: has no meaning without --from"),
    ("slice silk --to a=1 --orbit a,b=1", "--orbit: has no meaning with --to"),
    ("slice silk --from a=1 --to b=1", "--from a=1: must name the same inputs as --to b=1"),
    ("slice silk --orbit a=1", "--orbit .*: write A,B=RADIUS"),
    ("slice silk --orbit a,b", "--orbit .*: write A,B=RADIUS"),
    ("slice silk --from x=1 --to x=2", "x"),
    ("morph silk --seeds 7,", "--seeds 7,: two seeds at least"),
    ("morph silk --seeds 1", "--seeds 1: two seeds at least"),
    ("morph silk --seeds 1-8", "'1-8': write 1..8"),
    ("morph silk --seeds 7,a", "--seeds: seed 'a'"),
    ("morph explicit.toml", "weights are explicit"),
    ("deepen silk --depth 1", "has 1 hidden layers, two are needed"),
    # options that exclude each other, or have no meaning
    ("render --seed 3 --mix 3:1", "--seed: says the same thing as --mix"),
    ("render --layers 3 --widths 3", "--layers: says the same thing as --widths"),
    ("render --output-activation tanh", "--output-activation"),
    (
        "render --weight-scale 0.5 --detail 1.2",
        "--detail: multiplies the weight scale of auto, not 0.5: add --weight-scale auto",
    ),
    ("render explicit.toml --detail 1.2", "--detail: the network's weights are explicit"),
    ("render --detail 0", "--detail 0.0: must be from 0.01 to 100"),
    ("render --palette klimt --chroma 0.6", "--chroma: palette 'ramp:klimt' loses none"),
    ("render --output 1 --chroma 0.6", "--chroma: palette 'ramp:ember' loses none"),
    ("render --palette red,blue", "did you mean ramp:red,blue?"),
    ("render --palette a.png", "did you mean from:a.png?"),
    ("render --palette red,frost", "unknown palette 'red,frost': one of"),
    ("render silk -o ##.png", "-o ##.png: a number for each of several seeds: add --seed 1..9"),
    ("render --size 0x0 --save a.toml", "size 0x0: sides go from 1 to"),
    ("render --chroma 1.1", "--chroma 1.1: must be from 0 to 1"),
    ("render --chroma nan", "--chroma 'nan': must be a finite number"),
    ("render --output-activation tanh --palette rgb --contrast auto", "--output-activation"),
    ("render --output-activation tanh --palette gray --contrast 0:1", "--output-activation"),
    ("render explicit.toml --output-activation tanh", "--output-activation"),
    ("render --backend cpu --device 0", "--device 0"),
    ("render --backend gpu --device -1", "--device -1"),
    # empty texts are values too
    ("render --features=", "features"),
    ("render --mix=", "--mix"),
    ("render --activation=", "activation"),
    ("render --contrast=", "--contrast"),
    ("render --network=", "is a folder|--network"),
    ("render --latent=", "--latent"),
    ("render --output=", "is a folder|suffix|--output"),
    # explicit weights
    ("render explicit.toml --seed 3", "--seed: .*explicit"),
    ("render explicit.toml --mix 3:1", "--mix: .*explicit"),
    ("render explicit.toml --layers 3", "--layers: .*explicit"),
    ("render explicit.toml --widths 3", "--widths: .*explicit"),
    ("render explicit.toml --distribution normal", "--distribution: .*explicit"),
    ("render explicit.toml --features x", "--features: .*explicit"),
    ("render explicit.toml --outputs 3", "--outputs: .*explicit"),
    ("render --network explicit.toml --seed 3", "--seed: .*explicit"),
    ("render explicit.toml --weight-scale auto", "weight.scale.*auto"),
    ("render explicit.toml --bias-scale auto", "bias.scale.*auto"),
    ("render explicit.toml --bias-scale same", "bias.scale.*same"),
    ("render explicit.toml --weight-scale nan", "--weight-scale .*finite"),
    ("render explicit.toml --latent u=1", "'u'"),
    ("render explicit.toml --activation tanh,sin", "2 for 1 hidden layer"),
    ("render explicit.toml --layer 0", "layer 0: is 3 wide, the explicit read-out takes 2"),
    ("render explicit.toml --layer 5", "layer"),
    # places
    ("render -o a.gif", "a.gif: .gif is of films, as netart animate draws them"),
    ("render -o picture", "suffix"),
    # formats
    ("render -o a.jpg --bits 16", "a.jpg: jpeg cannot hold 16 bits a channel: png, tiff, exr can"),
    ("render -o a.exr --bits 8", "a.exr: exr cannot hold 8 bits"),
    ("render -o a.png --bits 12", "a.png: png cannot hold 12 bits .*: no format can"),
    ("render -o a.png --bits 0", "a.png: png cannot hold 0 bits .*: no format can"),
    ("render -o a.png --bits many", "--bits 'many': must be a whole number"),
    ("render --bits 32", "png cannot hold 32 bits a channel: tiff, exr, npy can"),
    ("render -o a.png --quality 90", "a.png: png cannot take quality 90: jpeg, webp, avif can"),
    ("render -o a.jpg --quality 0", "--quality 0: must be from 1 to 100, or lossless"),
    ("render -o a.jpg --quality 101", "--quality 101: must be from 1 to 100, or lossless"),
    ("render -o a.jpg --quality -1", "--quality -1: must be from 1 to 100, or lossless"),
    ("render -o a.jpg --quality 90.5", "--quality 90.5: must be from 1 to 100, or lossless"),
    ("render -o a.npy --dpi 5", "a.npy: npy cannot tell its 5 dpi"),
    ("render -o a.png --dpi 0", "--dpi 0: must be from 1 to 10,000"),
    ("render --size a4@300dpi --dpi 72", "--dpi 72: the size a4@300dpi says another"),
    ("render -o a.png --max-bytes 5MB", "a.png: png cannot be held below 5,000,000 bytes"),
    ("render -o a.jpg --quality best", "--quality best: must be from 1 to 100, or lossless"),
    ("render -o a.jpg --quality=", "--quality : must be from 1 to 100, or lossless"),
    (f"render -o a.jpg --quality {NINES}", "must be from 1 to 100, or lossless"),
    ("render -o a.jpg --quality lossless", "a.jpg: jpeg cannot take quality lossless: webp can"),
    ("render -o a.npy --quality 5", "a.npy: npy cannot take quality 5"),
    ("render -o a.png --format tiff", "a.png: the suffix says png, --format tiff"),
    ("render -o a.gif --format png", "a.gif: .gif is of films"),
    ("render -o - --format gif", "unknown format 'gif'"),
    ("render -o a --format=", "unknown format ''"),
    ("render -o - --format jpeg --bits 16", "stdout: jpeg cannot hold 16 bits"),
    ("render -o a.jpg --size 65501x1", "a.jpg: jpeg cannot be 65501x1: png, tiff, exr, npy can"),
    ("render -o a.webp --size 1x16384", "a.webp: webp cannot be 1x16384: png, jpeg, avif"),
    ("render -o a.avif --size 16385x1", "a.avif: avif cannot be 16385x1: png, jpeg, tiff"),
    ("render -o - --format webp --size 1x16384", "stdout: webp cannot be 1x16384"),
    ("network --as-given -o a.npz", "--as-given: the network is sampled"),
    ("render -o missing/a.png", "missing"),
    ("render -o folder.png", "folder.png: is a folder"),
    ("network -o folder.npz", "folder.npz: is a folder"),
    ("render -o .", ": .: is a folder"),
    ("network -o .", ": .: is a folder"),
    ("spin -o .", ": .: is a folder"),
    ("export -o .", ": .: is a folder"),
    ("render -o a.html", "a.html: .html is of pages, as netart export writes them"),
    ("export -o a.glsl", "unknown suffix '.glsl': did you mean .shadertoy.glsl?"),
    ("render a.html", "a.html: is a page: open it in a browser"),
    ("info a.frag", "a.frag: is a shader: its head says what made it"),
    ("network -o a.txt", "suffix '.txt'"),
    ("network -o missing/a.npz", "missing"),
    ("render folder.png", "folder.png: is a folder"),
    ("render folder.toml", "folder.toml: is a folder"),
    ("render .", "is a folder|suffix"),
    (f"render {NINES}", "preset|too long"),
    (f"render {NINES}.png", "too long|no such file"),
    (f"render -o {NINES}.png", "too long"),
]


@pytest.fixture
def place(tmp_path: Path, explicit: str) -> Path:
    """A folder with what the command lines name."""
    (tmp_path / "empty.txt").write_text("")
    for name in ("folder.png", "folder.toml", "folder.npz"):
        (tmp_path / name).mkdir()
    return tmp_path


def refused(
    netart: Run, folder: Path, message: str, *arguments: str, status: int = 2, small: bool = True
) -> str:
    """The one line that the command costs."""
    if small and arguments[0] == "render" and "--size" not in arguments:
        arguments = ("render", *SMALL[:2], *arguments[1:])
    before, start = files(folder), time.process_time()
    ran = netart(*arguments)
    assert time.process_time() - start < WITHIN_S
    assert files(folder) == before
    assert ran.out == b""
    assert ran.err.startswith("netart: ")
    assert ran.err.count("\n") == 1
    assert ran.err.endswith("\n")
    assert ran.err[:-1].isprintable()
    assert re.search(message, ran.err), ran.err
    assert ran.status == status
    return ran.err


@pytest.mark.parametrize(("line", "message"), USAGE, ids=[line[:50] for line, _ in USAGE])
def test_a_usage_error_costs_one_line(netart: Run, place: Path, line: str, message: str) -> None:
    refused(netart, place, message, *line.split(" "))


# TOML → what the line must say, after the name of the file.
TOML = [
    ("[shot", "is not valid TOML"),
    ("a = 1\na = 2", "is not valid TOML"),
    ("a = " + "[" * 100_000, "is not valid TOML"),
    ("[shot.view]\nradius = " + "9" * 5000, "is not valid TOML"),
    ("", r"no table \[shot\]"),
    ("shot = 3", "shot: must be a table"),
    ("[shott]", "'shott': did you mean shot"),
    ("seed = 5", "unknown table 'seed': in files it is shot.network.mix"),
    ("[shot.network]\nsed = 5", "unknown field 'network.sed': one of activations, "),
    ("[shot.vieww]", r"shot\.vieww.*did you mean shot\.view"),
    ("[shot.network]\nwidhts = [3]", r"network\.widhts.*did you mean .*network\.widths"),
    ('[shot.network]\n"wid\\nths" = [3]', r"wid\\nths"),
    ('[shot.network]\nkind = "recipes"', r"network\.kind"),
    ("[shot.network]\nwidths = [3.5]", r"network\.widths\[1\]"),
    ("[shot.network]\nwidths = [99999, 99999]", "width 99999"),
    ("[shot.network]\nwidths = [30000, 30000]", "at most 33,554,432"),
    ("[shot.network]\nmix = {7 = nan}", "finite"),
    ("[shot.network]\nmix = {a = 1}", r"network\.mix"),
    ("[shot.network]\nmix = {}", r"network\.mix"),
    ("[shot.network]\nmix = {-1 = 1}", r"network\.mix"),
    ("[shot.network]\nsampler = 99", "sampler = 99"),
    ('[shot.network]\nlatents = ["a b"]', "'a b'"),
    ("[shot.network]\nlatents = " + str([f"t{k}" for k in range(20_000)]), "latents"),
    ("[shot.network]\nmix = {" + ",".join(f"{k}=1" for k in range(2_000)) + "}", "mix"),
    ("[shot.network]\nwidths = [" + "1," * 100_000 + "]", "at most 4096"),
    ("[shot.view]\nradius = -1", r"view\.radius = -1"),
    ("[shot.view]\nradius = 1e400", r"view\.radius"),
    ("[shot.view]\nradius = true", r"view\.radius"),
    ("[shot.view]\ncentre = [1, 2, 3]", r"view\.centre"),
    ('[shot.view]\ncentre = ["1e999999999", 2]', r"view\.centre"),
    ("[shot.view]\ncentre = [inf, 2]", "coordinate"),
    ("[shot.view]\nframe = [[1, 0], [0, 2]]", r"view\.frame"),
    ("[shot.view]\nframe = [[" + "9" * 400 + ", 0], [0, 2]]", "more than 64 bits"),
    ('[shot.view]\naxes = ["x", "t"]', r"view\.axes"),
    ("[shot.lens]\nlayer = 99", r"lens\.layer = 99"),
    ('[shot.lens]\nkind = "seascape"', r"lens\.kind"),
    ('[shot.look]\npalette = "ramp:embers"', "did you mean ember"),
    ("[shot.look]\ncontrast = [[1, 0]]", r"look\.contrast"),
    ("[shot.look]\ncontrast = []", r"look\.contrast"),
    ("size = [0, 5]\n[shot]", "size"),
    ("size = 5\n[shot]", "size"),
    ("size = [99999999, 99999999]\n[shot]", "more than"),
    ("about = 3\n[shot]", "about"),
    (EXPLICIT_TOML.replace("0.4, 1.0, -0.5", "0.4, 1.0"), r"layers\[1\]\.weight"),
    (EXPLICIT_TOML.replace("0.4,", "1e39,"), "layer 1: .*finite"),
    (EXPLICIT_TOML.replace("0.4,", "nan,"), "layer 1: .*finite"),
    (EXPLICIT_TOML.replace("-0.3, 0.1", "-0.3"), "layer 1: weight"),
    (EXPLICIT_TOML.replace('"tanh"', '"tahn"'), "layer 1: .*did you mean tanh"),
    (
        EXPLICIT_TOML.replace("bias = [-0.3", "bais = [-0.3"),
        r"layers\[1\].*bais.*did you mean .*bias",
    ),
    (EXPLICIT_TOML.replace("[0.3, -2.0, 1.5]", ""), "layer 1: weight"),
    (
        EXPLICIT_TOML.replace("[1.0, 0.5], [-1.0, 2.0], [0.2, 0.9]", "[1], [2], [3]"),
        "layer 2: weight",
    ),
    (EXPLICIT_TOML.replace("layers = [", "layers = []\nlayes = ["), "did you mean .*layers"),
    ('[shot.network]\nkind = "weights"', "`layers` or a `file`"),
    ('[shot.network]\nkind = "weights"\nfile = "missing.npz"', "missing.npz: no such file"),
    ('[shot.network]\nkind = "weights"\nfile = "../a.npz"', "without folders"),
    ('[shot.network]\nkind = "weights"\nfile = "/etc/passwd"', "without folders"),
    (EXPLICIT_TOML.replace("features", 'sha256 = "00"\nfeatures'), "digest"),
]


@pytest.mark.parametrize(
    ("text", "message"), TOML, ids=[text[:60].replace("\n", " ") for text, _ in TOML]
)
def test_an_error_in_toml_costs_one_line(netart: Run, place: Path, text: str, message: str) -> None:
    (place / "a.toml").write_text(text)
    said = refused(netart, place, message, "render", "a.toml", small="size" not in text)
    assert said.startswith(("netart: a.toml: ", "netart: size"))


def test_bytes_that_are_no_text(netart: Run, place: Path) -> None:
    (place / "a.toml").write_bytes(b"\xff\xfe[shot]")
    refused(netart, place, "a.toml: is not valid TOML", "render", "a.toml")


def test_a_large_toml_file_is_not_read(netart: Run, place: Path) -> None:
    (place / "a.toml").write_text("[shot.network]\nwidths = [" + "1," * 2_500_000 + "]")
    refused(netart, place, "a.toml: .*MiB", "render", "a.toml")


# Pictures.


def test_a_picture_without_a_shot(netart: Run, draw: Run, place: Path) -> None:
    drawn = draw("-o", "a.png").path.read_bytes()
    bare = packed([(kind, data) for kind, data in chunks(drawn) if kind != b"iTXt"])
    (place / "bare.png").write_bytes(bare)
    for command in ("render", "info", "network", "check"):
        refused(netart, place, "bare.png: carries no shot", command, "bare.png")


CHANGES = [
    (lambda note: note["shot"]["view"].update(radius=9.0), "was changed"),
    (lambda note: note["shot"]["network"]["mix"].update({"5": 0.5}), "was changed"),
    (lambda note: note["shot"]["look"].update(palette="gray"), "was changed"),
    (lambda note: note.update(sha256="0" * 64), "was changed"),
    (lambda note: note.update(extra=1), "damaged"),
    (lambda note: note.pop("shot"), "damaged"),
    (lambda note: note.update(shot=[]), "damaged"),
    (lambda note: note.update({"a\nb": 1}), "damaged"),
    (lambda note: note.update(size=[0, 5]), "size"),
    (lambda note: note.update(size=["a", 5]), "damaged"),
    (lambda note: note["shot"].update(views={}), "did you mean shot.view"),
    (lambda note: note["shot"]["network"].update(sampler=7), "sampler = 7"),
    (lambda note: note["shot"]["view"].update(centre=["1e999999999", "0"]), "view.centre"),
    (lambda note: note["shot"]["view"].update(frame=[[10**400, 0], [0, 1]]), "view.frame"),
    (lambda note: note["shot"]["view"].update(frame=10**400), "view.frame"),
]


@pytest.mark.parametrize(("change", "message"), CHANGES)
def test_a_tampered_picture(netart: Run, draw: Run, place: Path, change: Any, message: str) -> None:
    drawn = draw("--seed", "5", "-o", "a.png").path.read_bytes()
    (place / "b.png").write_bytes(changed(drawn, change))
    said = refused(netart, place, message, "render", "b.png", "-o", "c.png", small=False)
    assert said.startswith(("netart: b.png: ", "netart: size"))


@pytest.mark.parametrize("kept", [0, 4, 8, 20, 33, 60, 200])
def test_a_cut_picture(netart: Run, draw: Run, place: Path, kept: int) -> None:
    drawn = draw("-o", "a.png").path.read_bytes()
    (place / "cut.png").write_bytes(drawn[:kept])
    refused(netart, place, "cut.png: ", "info", "cut.png")


def test_a_picture_of_another_kind(netart: Run, place: Path) -> None:
    (place / "a.png").write_bytes(b"GIF89a" + bytes(100))
    refused(netart, place, "a.png: is not a png picture", "render", "a.png")


def test_other_weights_than_were_drawn_are_a_warning(netart: Run, draw: Run, place: Path) -> None:
    drawn = draw("--seed", "5", "-o", "a.png").path.read_bytes()
    (place / "b.png").write_bytes(changed(drawn, lambda note: note.update(weights="0" * 64)))
    ran = netart("render", "b.png", "--backend", "cpu", "-o", "c.png")
    assert ran.status == 0
    assert re.fullmatch(r"netart: warning: b\.png: the weights .* differ .*\n", ran.err)
    assert (place / "c.png").read_bytes() == drawn
    assert netart("info", "b.png").err == ran.err


# One line, whatever is in the names.


@pytest.mark.parametrize(
    "arguments",
    [
        ("render", "no\nsuch"),
        ("render", "no\nsuch.png"),
        ("render", "no\nsuch.toml"),
        ("render", "\x1b[31mred.npz"),
        ("render", "-o", "a\nb.gif"),
        ("render", "-o", "missing\n/b.png"),
        ("render", "-o", "\x1b[31mred.gif"),
        ("render", "--palette", "a\nb"),
        ("render", "--axes", "a\nb,x"),
        ("render", "--latent", "a\nb=1"),
        ("render", "--features", "a\x1b[31m"),
        ("render", "--bogus\nb"),
        ("rend\ner",),
    ],
)
def test_control_characters_stay_in_the_line(
    netart: Run, place: Path, arguments: tuple[str, ...]
) -> None:
    refused(netart, place, "netart: ", *arguments)


# The machine's failures.


def test_a_missing_library_is_named(
    netart: Run, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = moderngl.create_context
    missing = {"backend": "egl", "libgl": "libGL-gone.so", "libegl": "libEGL-gone.so"}
    monkeypatch.setattr(moderngl, "create_context", lambda **given: create(**given | missing))
    refused(netart, place, "libegl1.*--backend cpu", "render", "--backend", "gpu", status=1)
    found = netart("doctor", "--json")
    assert found.status == 0
    assert "libegl1" in found.json["gpu"]
    assert found.json["auto"].startswith("cpu")
    checked = netart("check", "--size", "12x8", "--json")
    assert checked.status == 0
    assert "libegl1" in checked.json["gpu-compute"]["absent"]


@pytest.mark.parametrize("suffix", ["png", "npy", "tif", "exr", "jpg", "webp", "avif"])
def test_a_device_that_is_always_full(netart: Run, place: Path, suffix: str) -> None:
    (place / f"full.{suffix}").symlink_to("/dev/full")
    said = refused(netart, place, "the disk is full", "render", "-o", f"full.{suffix}", status=1)
    assert f"full.{suffix}: " in said
    assert Path("/dev/full").is_char_device()


def test_more_than_the_memory_is_refused_at_once(netart: Run, place: Path) -> None:
    line = ("render", "--size", "131072x131072", "-o", "a.exr")
    refused(netart, place, "a.exr: exr takes .* MB of memory, .*: png, tiff, npy", *line, status=1)


def test_no_temporary_folder(netart: Run, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(place / "missing"))
    line = ("render", "-o", "-", "--format", "tiff")
    refused(netart, place, "temporary file: No such file", *line, status=1)


def test_a_long_message_is_cut(netart: Run, place: Path) -> None:
    said = refused(netart, place, "… .*gray", "render", "--palette", "x" * 5000)
    assert len(said) < 1100


def test_weights_to_a_full_device(netart: Run, place: Path) -> None:
    (place / "full.npz").symlink_to("/dev/full")
    refused(netart, place, "full.npz: the disk is full", "network", "-o", "full.npz", status=1)


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ("render", *SMALL, "-o", "-"),
        ("render", *SMALL, "-o", "-", "--format", "tiff"),
        ("render", *SMALL, "-o", "-", "--format", "avif"),
        ("render", *SMALL, "-o", "a.png"),
        ("render", *SMALL, "-o", "a.png", "--json"),
        ("info", "silk"),
        ("presets",),
        ("--help",),
        ("render", "--help"),
        ("--version",),
    ],
    ids=" ".join,
)
def test_a_full_stdout(place: Path, arguments: tuple[str, ...]) -> None:
    with open("/dev/full", "wb") as full:
        ran = program(*arguments, folder=place, stdout=full)
    assert ran.stderr.decode() == "netart: stdout: the disk is full\n"
    assert ran.returncode == 1


@pytest.mark.slow
def test_a_disk_that_fills_up(netart: Run, tiny_disk: Path) -> None:
    old = tiny_disk / "a.png"
    old.write_bytes(b"old")
    for name in ("a.png", "b.png", "a.tif", "a.exr"):
        ran = netart("render", "--size", "900x900", "--backend", "cpu", "-o", tiny_disk / name)
        assert ran == (1, b"", f"netart: {tiny_disk / name}: the disk is full\n")
    assert files(tiny_disk) == {"a.png"}
    assert old.read_bytes() == b"old"


@pytest.mark.slow
def test_more_than_the_free_disk_is_refused_at_once(netart: Run, tiny_disk: Path) -> None:
    for name in ("a.npy", "a.png", "a.tif", "a.exr", "a.jpg"):
        start = time.process_time()
        ran = netart("render", "--size", "9000x9000", "-o", tiny_disk / name)
        assert time.process_time() - start < WITHIN_S
        assert ran.status == 1
        assert re.fullmatch(r"netart: .*: needs at least .* MB, .* MB are free\n", ran.err)
        assert files(tiny_disk) == set()


def test_a_folder_that_cannot_be_written_to(
    netart: Run, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Root may write anywhere: the system's answer is replaced.
    monkeypatch.setattr("netart.files.atomic.os.access", lambda path, mode: False)
    refused(netart, place, "cannot be written to", "render", "-o", "a.png", status=1)


def test_a_folder_in_which_the_system_alone_makes_files(netart: Run, place: Path) -> None:
    why = "(its folder takes no new files|the folder cannot be written to)"  # to root, to others
    refused(netart, place, f"/proc/a.png: {why}", "render", "-o", "/proc/a.png", status=1)
    part = f"/proc/(.a.mp4.part|a.mp4): {why}"
    refused(netart, place, part, "animate", "-o", "/proc/a.mp4", status=1)


# In a process of its own: the start-up counts, and a traceback would show.


def children_s() -> float:
    """Processor time of all processes that have been waited for."""
    return os.times().children_user + os.times().children_system


@pytest.mark.slow
@pytest.mark.parametrize(
    "line",
    [
        "render no-such",
        "render --seed -1",
        "render --size 131072x131073",
        "render --layers 999999x999999",
        "render --layers 4000x30000",
        "render --radius nan",
        "render -o missing/a.png",
        "check no-such",
    ],
)
def test_a_process_ends_within_two_seconds(place: Path, line: str) -> None:
    before, start = files(place), children_s()
    ran = program(*line.split(), folder=place)
    assert children_s() - start < WITHIN_S
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert ran.stderr.startswith(b"netart: ")
    assert ran.stderr.count(b"\n") == 1
    assert files(place) == before
