"""Draw training crops for the outline network: photo, matte as a network would find it, and true cover, uint8 (SIDE, SIDE, 5).

Six in ten show drawn products: fur, hair, twigs, lattices, cords, spokes, straps and clear rims, patterns in the colours of the
ground, contact shadows, haze. The others are crops of renders and of their mattes, recoloured or on other grounds.
"""
import cv2
import numpy as np

from stillroom.imaging.cutout.edges import refined

SIDE = 160
BIG = 2 * SIDE  # canvas for thin lines, scaled down afterwards


def example(photo, truth, matte):
    """A picture to take crops from, with the pixels to centre them on: wrong ones and the outline."""
    _, label = cv2.distanceTransformWithLabels((truth < 250).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    solid = truth >= 250
    colours = np.zeros((int(label.max()) + 1, 3), np.uint8)
    colours[label[solid]] = photo[solid]
    wrong = cv2.boxFilter((cv2.absdiff(matte, truth) > 60).astype(np.float32), -1, (9, 9)) > .1
    outline = cv2.morphologyEx((truth > 127).astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
    return {"photo": photo, "truth": truth, "matte": matte, "own": np.where(solid[..., None], photo, colours[label]),
            "outline": np.argwhere(outline), "wrong": np.argwhere(wrong if wrong.sum() > 350 else outline)}


def noise(r, cells):
    return cv2.resize(r.uniform(-1, 1, (cells, cells)).astype(np.float32), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)


def blurred(plane, deviation):
    return cv2.GaussianBlur(np.float32(plane), (0, 0), float(deviation))


def linear(picture):
    return cv2.pow(np.float32(np.clip(picture, 0, 255)) / 255, 2.2)


def in_light(r, made, *pictures):
    """Mix or blur as a lens does, in linear light; in one of five cases in sRGB, as programs scale pictures."""
    if r.random() < .2:
        return made(*(np.float32(one) for one in pictures))
    return 255 * cv2.pow(np.float32(made(*(linear(one) for one in pictures))), 1 / 2.2)


def mixed(r, own, ground, truth):
    share = truth[..., None]
    return in_light(r, lambda a, b: a * share + b * (1 - share), own, ground)


def ellipse(radius):
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))


def crop(picture, y, x, side):
    half = side // 2
    padded = cv2.copyMakeBorder(picture, half, side, half, side, cv2.BORDER_REPLICATE)
    y, x = (int(np.clip(v, 0, n - 1)) for v, n in zip((y, x), picture.shape))
    return cv2.resize(padded[y:y + side, x:x + side], (SIDE, SIDE), interpolation=cv2.INTER_AREA if side > SIDE else cv2.INTER_LINEAR)


def tinted(r, picture, strength=1.):
    picture = picture * (1 + strength * r.uniform(-.35, .35, 3)) * (1 + strength * r.uniform(-.3, .3)) + strength * r.uniform(-25, 25)
    if r.random() < .15:
        grey = picture.mean(2, keepdims=True)
        picture = grey + (picture - grey) * r.uniform(0, .7)
    return np.float32(np.clip(picture, 0, 255))


def surface(r, grounds):
    """A plain or textured surface, float32, sRGB 0..255."""
    if r.random() < .35:
        plain = r.uniform(8, 250, 3) * (1 + .25 * noise(r, int(r.integers(2, 6)))[..., None])
        return np.float32(np.clip(plain + r.normal(0, r.uniform(0, 6), plain.shape), 0, 255))
    ground = grounds[r.integers(len(grounds))]
    part = np.float32(crop(ground, *(r.integers(n) for n in ground.shape[:2]), int(r.uniform(90, 380))))
    part = tinted(r, part) if r.random() < .3 else part
    return blurred(part, r.uniform(1, 6)) if r.random() < .3 else part


def damaged(r, truth):
    """Bend, thicken, blur, close, open or stain a cover."""
    rows, columns = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    cells = int(r.choice([4, 8, 16, 32]))
    reach = min(r.choice([1, 2, 3.5, 6]), 60 / cells)
    bent = [np.float32(at + reach * noise(r, cells) + r.uniform(-1.2, 1.2)) for at in (columns, rows)]
    cover = cv2.remap(truth, *bent, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    if r.random() < .5:
        share = np.clip(3 * noise(r, int(r.integers(2, 6))) + r.uniform(-1, 1), 0, 1)
        change = cv2.dilate if r.random() < .5 else cv2.erode
        cover = cover * (1 - share) + share * change(cover, ellipse(int(r.integers(1, 6))))
    if r.random() < .3:
        kind = cv2.MORPH_CLOSE if r.random() < .6 else cv2.MORPH_OPEN
        cover = cv2.morphologyEx(np.float32(cover), kind, ellipse(int(r.integers(3, 9))))
    if deviation := r.choice([0, .8, 1.5, 3, 5]):
        cover = np.clip((blurred(cover, deviation) - .5) * r.uniform(1, 2.2) + .5, 0, 1)
    if r.random() < .12:
        stain = np.clip(6 * (noise(r, 6) - .7), 0, 1) * r.uniform(.3, 1)
        cover = np.maximum(cover, stain) if r.random() < .6 else np.minimum(cover, 1 - stain)
    return np.float32(cover)


def line(canvas, points, value, width):
    cv2.polylines(canvas, [np.int32(np.asarray(points) * 32)], False, int(value), max(1, round(width)), cv2.LINE_AA, 4)


def curve(r, count, angle=None, bend=.09):
    turn = blurred(r.normal(0, bend, (count, 1)), 2)[:, 0] * 2
    along = (r.uniform(0, 6.3) if angle is None else angle) + np.cumsum(turn)
    return np.stack([np.cumsum(np.cos(along)), np.cumsum(np.sin(along))], 1)


def haired(r, truth):
    """Add strands from the outline outwards, short and dense or long."""
    soft = blurred(truth, 4)
    across, down = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    edge = np.argwhere(cv2.morphologyEx((truth > .5).astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0)
    if len(edge) < 20:
        return truth
    canvas, fuzzy = np.zeros((BIG, BIG), np.uint8), r.random() < .5
    length, lean, spread = r.uniform(3, 12) if fuzzy else r.uniform(6, 45), r.uniform(-1, 1), r.uniform(.1, .8)
    for y, x in edge[r.integers(len(edge), size=int(r.uniform(200, 700) if fuzzy else r.uniform(20, 260)))]:
        angle = np.arctan2(-down[y, x], -across[y, x]) + lean + r.normal(0, spread)
        strand = curve(r, int(length * r.uniform(.4, 1.2) / 3) + 2, angle, .06) * 3
        line(canvas, strand + (x - 3 * np.cos(angle), y - 3 * np.sin(angle)), r.uniform(90, 255), r.choice([1, 1, 2]))
    return np.maximum(truth, cv2.resize(canvas, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32) / 255)


def cords(r, canvas):
    count = int(r.choice([1, 1, 2, 3, 6]))
    width = r.uniform(1.5, 22 if count < 3 else 8)
    for _ in range(count):
        cord = curve(r, 60) * r.uniform(2, 5)
        line(canvas, cord - cord[r.integers(60)] + r.uniform(.2, .8, 2) * SIDE, 255, width)


def twig(r, canvas, start, angle, width, forks, leaf):
    stem = curve(r, int(r.uniform(8, 22)), angle, .06) * r.uniform(1.5, 3) + start
    line(canvas, stem, 255, width)
    for _ in range(int(r.integers(1, 5)) if leaf else 0):
        turn, length = angle + r.normal(0, .9), r.uniform(3, 16) * leaf
        middle = stem[r.integers(len(stem))] + np.array([np.cos(turn), np.sin(turn)]) * length
        axes = (int(length * 32), int(length * 32 * r.uniform(.15, .5)))
        cv2.ellipse(canvas, [int(v * 32) for v in middle], axes, float(np.degrees(turn)), 0, 360, 255, -1, cv2.LINE_AA, 4)
    for _ in range(int(r.integers(2, 5)) if forks else 0):
        twig(r, canvas, stem[r.integers(len(stem) // 3, len(stem))], angle + r.normal(0, .7), max(1, width * .65), forks - 1, leaf)


def twigs(r, canvas):
    twig(r, canvas, r.uniform(0, SIDE, 2), r.uniform(0, 6.3), r.uniform(2, 10), int(r.integers(2, 4)), r.choice([0, .5, 1]))


def lattice(r, canvas):
    rows, columns = np.mgrid[0:BIG, 0:BIG].astype(np.float32) / 2
    turn, step = r.uniform(0, 3.2), r.uniform(7, 34)
    width, bend = step * r.uniform(.12, .9), r.uniform(0, 3) * cv2.resize(noise(r, 5), (BIG, BIG))
    for angle in (turn, turn + r.uniform(.8, 1.6))[:int(r.choice([1, 2, 2]))]:
        canvas[(columns * np.cos(angle) + rows * np.sin(angle) + bend) % step < width] = 255


def spokes(r, canvas):
    hub, radius, flat, count = r.uniform(.1, .9, 2) * SIDE, r.uniform(35, 110), r.uniform(.4, 1), int(r.uniform(6, 28))
    axes = (int(radius * 32), int(radius * flat * 32))
    cv2.ellipse(canvas, [int(v * 32) for v in hub], axes, 0, 0, 360, 255, int(r.uniform(3, 26)), cv2.LINE_AA, 4)
    width = r.uniform(1.5, 10)
    for angle in r.uniform(0, 6.3) + np.arange(count) * 2 * np.pi / count:
        line(canvas, [hub, hub + radius * np.array([np.cos(angle), flat * np.sin(angle)])], 255, width)


def straps(r, canvas):
    for _ in range(int(r.integers(1, 4))):
        middle, axes = ([int(v * 32) for v in r.uniform(low, high, 2)] for low, high in ((.1 * SIDE, .9 * SIDE), (15, 90)))
        end = int(r.choice([200, 360]))
        cv2.ellipse(canvas, middle, axes, float(r.uniform(0, 180)), 0, end, 255, int(r.uniform(4, 40)), cv2.LINE_AA, 4)


def fringe(r, canvas):
    top, length, step = r.uniform(-.2, .6) * SIDE, r.uniform(15, 90), r.uniform(2.5, 14)
    width = step * r.uniform(.3, 1.2)
    for x in np.arange(0, SIDE, step):
        down = top + np.linspace(0, length * r.uniform(.7, 1.1), 12)
        line(canvas, np.stack([x + np.cumsum(r.normal(0, .6, 12)), down], 1), 255, width)
    canvas[:max(0, int(2 * top) + 3)] = 255


THIN = (cords, cords, twigs, twigs, lattice, spokes, straps, fringe)


def solid(r, examples):
    if r.random() < .4:
        one = examples[r.integers(len(examples))]
        y, x = one["outline"][r.integers(len(one["outline"]))]
        return np.float32(crop(one["truth"], y, x, int(SIDE * r.choice([.7, 1, 1.3, 1.7]))) / 255)
    if r.random() < .5:
        return np.float32(np.clip((noise(r, int(r.integers(2, 7))) - r.uniform(-.3, .3)) * 12 + .5, 0, 1))
    angle, (rows, columns) = r.uniform(0, 6.3), np.mgrid[0:SIDE, 0:SIDE] - SIDE / 2
    return np.float32(np.clip(columns * np.cos(angle) + rows * np.sin(angle) - r.uniform(-.4, .4) * SIDE + .5, 0, 1))


def thinned(r, truth):
    """Add thin parts, or cut openings of their shape."""
    canvas = np.zeros((BIG, BIG), np.uint8)
    THIN[r.integers(len(THIN))](r, canvas)
    parts = cv2.resize(canvas, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    return np.maximum(parts, truth) if r.random() < .85 else truth * (1 - parts)


def marbled(r, own, ground):
    """A fine pattern of several colours, some of them the ground's."""
    count, (rows, columns) = int(r.integers(2, 6)), np.mgrid[0:SIDE, 0:SIDE]
    colours = [(ground if r.random() < .45 else own).mean((0, 1)) * r.uniform(.6, 1.35) + r.normal(0, 14, 3) for _ in range(count)]
    angle = r.uniform(0, 3.2)
    along = (columns * np.cos(angle) + rows * np.sin(angle)) / r.uniform(4, 28) + r.uniform(0, 1.5) * noise(r, int(r.integers(4, 40)))
    pattern = np.float32(colours)[np.floor(along * count).astype(int) % count]
    return np.clip(blurred(pattern, r.uniform(.4, 1.2)) * (1 + .15 * noise(r, 4)[..., None]), 0, 255)


def drawn(r, examples, grounds):
    truth, kind = solid(r, examples), r.choice(["hair", "thin", "plain"], p=[.29, .49, .22])
    own, ground = surface(r, grounds), surface(r, grounds)
    if kind == "hair":
        for _ in range(int(r.choice([1, 2, 3, 4]))):
            truth = haired(r, truth)
    elif kind == "thin":
        truth = thinned(r, truth if r.random() < .6 else np.zeros_like(truth))
    if r.random() < .3:  # nearly of one colour
        share, mean = r.uniform(.4, .93), own.mean((0, 1))
        ground = ground * (1 - share) + share * (mean + r.normal(0, 16, 3)) + (ground - ground.mean((0, 1))) * share * .3
    if kind != "hair" and r.random() < .35:
        own = marbled(r, own, ground)
    elif kind == "plain" and r.random() < .25:  # clear: the ground shows through, and the rim is bright or dark
        depth = cv2.distanceTransform((truth > .5).astype(np.uint8), cv2.DIST_L2, 5).clip(0, SIDE)
        rim = np.exp(-(depth / r.uniform(1, 5) - 1) ** 2) * r.choice([-110, 110, 160])
        own = np.clip(ground * r.uniform(.75, 1.05) + rim[..., None], 0, 255)
    matte = np.clip((blurred(truth, r.uniform(.4, 3)) - .5) * r.uniform(.9, 2.4) + r.uniform(.35, .65), 0, 1)
    if kind == "thin" and r.random() < .5:  # lost, faint or bridged
        share = np.clip(1.2 * noise(r, int(r.integers(2, 6))) + r.uniform(0, 1), 0, 1)
        change = r.choice([cv2.MORPH_OPEN, cv2.MORPH_CLOSE])
        matte = matte * (1 - share) + share * cv2.morphologyEx(np.float32(matte), int(change), ellipse(int(r.integers(1, 6))))
    elif r.random() < .3:
        matte = damaged(r, truth)
    if r.random() < .5:
        far = r.uniform(1.5, 22)
        shadow = np.roll(blurred(truth, far), r.integers(-int(far), int(far) + 2, 2), (0, 1)) * r.uniform(.1, .75)
        ground = ground * (1 - shadow[..., None])
        if r.random() < .4:
            matte = np.maximum(matte, np.clip(3.2 * shadow - .3, 0, 1) * r.uniform(.3, 1) * (truth < .5))
    if r.random() < .12:
        haze = blurred(cv2.dilate(truth, ellipse(int(r.uniform(3, 12)))), 2) * r.uniform(.15, .65)
        matte = np.maximum(matte, haze * np.clip(2 * noise(r, 4) - .3, 0, 1))
    return mixed(r, own, ground, truth), matte, truth


def rendered(r, examples, grounds):
    one = examples[r.integers(len(examples))]
    places = one["wrong" if r.random() < .55 else "outline"]
    y, x = places[r.integers(len(places))] + r.integers(-55, 56, 2)
    side = int(SIDE * r.choice([.7, 1, 1, 1.3, 1.7]))
    photo, truth, matte, own = (np.float32(crop(one[name], y, x, side)) for name in ("photo", "truth", "matte", "own"))
    truth, matte, change = truth / 255, matte / 255, r.random()
    if change < .45:
        photo = mixed(r, own, surface(r, grounds), truth)
    elif change < .7:
        photo = mixed(r, tinted(r, photo), tinted(r, photo), truth)
    return photo, damaged(r, truth) if r.random() < (.75 if change < .45 else .4) else matte, truth


def sample(r, examples, grounds):
    photo, matte, truth = (drawn if r.random() < .6 else rendered)(r, examples, grounds)
    photo = tinted(r, photo, .5) if r.random() < .5 else photo
    if r.random() < .45:
        deviation = r.uniform(.4, 1.4)
        photo, truth = in_light(r, lambda one: blurred(one, deviation), photo), blurred(truth, deviation)
    if r.random() < .5:
        photo = photo + blurred(r.normal(0, r.uniform(1, 12), photo.shape), r.uniform(.3, .9))
    photo = np.ascontiguousarray(np.clip(photo, 0, 255), np.uint8)
    if r.random() < .5:
        photo = cv2.imdecode(cv2.imencode(".jpg", photo, [cv2.IMWRITE_JPEG_QUALITY, int(r.integers(45, 96))])[1], 1)
    matte = np.float32(np.clip(matte, 0, 1))
    if r.random() < .45:  # the guided filter of the cut-out follows the pattern, and so does the matte
        soft = np.clip((blurred(matte, r.uniform(.8, 3.2)) - .5) * r.uniform(1, 1.8) + r.uniform(.42, .58), 0, 1)
        matte = refined(np.float32(soft), photo)
    planes = np.dstack([photo, np.rint(255 * matte), np.rint(255 * np.clip(truth, 0, 1))]).astype(np.uint8)
    return np.ascontiguousarray(np.rot90(planes[:, ::r.choice([-1, 1])], r.integers(4)))
