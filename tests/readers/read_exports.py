"""Reads kept exports as the users of each layout do, with PIL, numpy and scikit-image, and compares every pixel.

    KEEP_EXPORTS=FOLDER npx vitest run --project e2e tests/e2e/exports.e2e.ts
    python3 tests/readers/read_exports.py FOLDER
"""
import base64
import csv
import io
import json
import sys
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from skimage import io as skio
from skimage.measure import regionprops

UNLABELLED = 255
# labels.py of Cityscapes by name; all other classes are 0 there, "unlabeled".
LABEL_IDS = {"road": 7, "vegetation": 21, "sky": 23, "traffic light": 19, "car": 26}


def check(holds, what):
    if not holds:
        raise AssertionError(what)


class Export:
    """One set of masks in a zip: the one at the top, or the one below `extended/`."""

    def __init__(self, archive, prefix=""):
        self.archive = archive
        self.prefix = prefix
        nested = [name for name in archive.namelist() if name.startswith("extended/")]
        own = nested if prefix else [name for name in archive.namelist() if name not in nested]
        self.names = [name[len(prefix) :] for name in own]
        check(len(set(self.names)) == len(self.names), "two files have one path")

    def bytes(self, name):
        return self.archive.read(self.prefix + name)

    def lines(self, name):
        return self.bytes(name).decode("utf-8").splitlines()

    def picture(self, name, mode):
        picture = Image.open(io.BytesIO(self.bytes(name)))
        check(picture.mode == mode, f"{name} has mode {picture.mode}, not {mode}")
        return picture

    def matching(self, start, end):
        return [name for name in self.names if name.startswith(start) and name.endswith(end)]

    def owners(self):
        """Path of the image by path of its mask."""
        rows = list(csv.DictReader(self.lines("images.csv")))
        return {row["mask"]: row["image"] for row in rows}


def listed(names):
    """Names as lists of one class a line have them: '#' would begin a comment, and ':' ends a name in a label map."""
    return [name.replace("#", "").replace(": ", " ") for name in names]


def color_table(export, name):
    """`r g b name` a line: colours and names in the order of the ids; what is not labelled comes last."""
    *rows, last = [line.split(" ", 3) for line in export.lines(name)]
    check(last == ["224", "224", "192", "unlabelled"], f"{name} does not say what is not labelled")
    return np.array([[int(part) for part in row[:3]] for row in rows], np.uint8), [row[3] for row in rows]


def label_map(export):
    """`name:r,g,b::` a line; `unlabelled` comes last and stands for no class."""
    rows = [line.split(":") for line in export.lines("labelmap.txt") if not line.startswith("#")]
    check(all(len(row) == 4 for row in rows), "a line of labelmap.txt has not four parts")
    check(rows[-1][0] == "unlabelled", "labelmap.txt does not say what is not labelled")
    return np.array([[int(part) for part in row[1].split(",")] for row in rows], np.uint8)


def ids_of_colors(rgb, colors):
    """Place of each pixel's colour in a list; a colour that is not in it, or twice, is an error."""
    check(len(np.unique(colors, axis=0)) == len(colors), "two classes have one colour")
    matches = (rgb[:, :, None, :] == colors[None, None]).all(axis=3)
    check(matches.any(axis=2).all(), "a pixel has a colour that no class has")
    return matches.argmax(axis=2)


def unlabelled_last(ids, class_count):
    return np.where(ids == class_count, UNLABELLED, ids).astype(np.uint8)


def read_index(export, classes):
    check(export.lines("classes.txt") == listed(classes), "classes.txt is not the list of the classes")
    colors, names = color_table(export, "label_colors.txt")
    check(names == listed(classes), "label_colors.txt is not the list of the classes")
    masks = {}
    for path in export.matching("labels/", ".png"):
        picture = export.picture(path, "P")
        palette = np.array(picture.getpalette(), np.uint8).reshape(-1, 3)
        check((palette[: len(classes)] == colors).all(), f"the palette of {path} is not label_colors.txt")
        masks[path] = np.array(picture)
    return masks


def read_cityscapes(export, classes):
    colors, names = color_table(export, "label_color.txt")
    check(names == listed(classes), "label_color.txt is not the list of the classes")
    label_ids = np.zeros(256, np.uint8)
    label_ids[: len(classes)] = [LABEL_IDS.get(name, 0) for name in classes]
    masks = {}
    for path in export.matching("gtFine/", "_gtFine_labelTrainIds.png"):
        mask = np.array(export.picture(path, "L"))
        ids = np.array(export.picture(path.replace("labelTrainIds", "labelIds"), "L"))
        check((ids == label_ids[mask]).all(), f"labelIds beside {path} differ")
        check_colors(export, path.replace("labelTrainIds", "color"), mask, colors)
        masks[path] = mask
    return masks


def check_colors(export, path, mask, colors):
    rgb = np.array(export.picture(path, "RGB"))
    labelled = mask != UNLABELLED
    check((rgb[labelled] == colors[mask[labelled]]).all(), f"colours of {path} differ from its ids")
    rest = np.unique(rgb[~labelled], axis=0)
    check(not any((rest[:, None] == colors[None]).all(axis=2).ravel()), f"{path} paints what has no label as a class")


def read_bdd100k(export, classes):
    colors, names = color_table(export, "label_colors.txt")
    check(names == listed(classes), "label_colors.txt is not the list of the classes")
    masks = {}
    for path in export.matching("labels/sem_seg/masks/", ".png"):
        masks[path] = skio.imread(io.BytesIO(export.bytes(path)))
        check_colors(export, path.replace("/masks/", "/colormaps/"), masks[path], colors)
    return masks


def read_camvid(export, classes):
    check(color_table(export, "label_colors.txt")[1] == listed(classes), "label_colors.txt is not the list of the classes")
    masks = {}
    for split in ("train", "val"):
        for line in export.lines(f"{split}.txt"):
            image, path = line.split(" ")
            check(image.startswith(f"{split}/"), f"{split}.txt names {image}")
            masks[path] = skio.imread(io.BytesIO(export.bytes(path)))
    return masks


def read_voc(export, classes):
    check(export.lines("class_names.txt") == listed(classes), "class_names.txt is not the list of the classes")
    colors = label_map(export)
    masks = {}
    for split in ("train", "val"):
        for name in export.lines(f"ImageSets/Segmentation/{split}.txt"):
            picture = export.picture(f"SegmentationClass/{name}.png", "P")
            mask = np.array(picture)
            painted = ids_of_colors(np.array(picture.convert("RGB")), colors)
            check((unlabelled_last(painted, len(classes)) == mask).all(), f"the palette of {name} is not labelmap.txt")
            masks[f"SegmentationClass/{name}.png"] = mask
    return masks


def read_cvat(export, classes):
    colors = label_map(export)
    check(len(colors) == len(classes) + 1, "labelmap.txt has not one line for each class")
    masks = {}
    for name in export.lines("ImageSets/Segmentation/default.txt"):
        path = f"SegmentationClass/{name}.png"
        ids = ids_of_colors(np.array(export.picture(path, "RGB")), colors)
        masks[path] = unlabelled_last(ids, len(classes))
        # CVAT's own reader knows nothing but the colours of Pascal VOC here.
        objects = ids_of_colors(np.array(export.picture(f"SegmentationObject/{name}.png", "RGB")), voc_colors())
        numbers = np.where(masks[path] == UNLABELLED, 0, masks[path].astype(int) + 1)
        check((objects == numbers).all(), f"the objects of {name} are not its classes")
    return masks


def voc_colors():
    numbers = np.arange(256)
    colors = np.zeros((256, 3), np.uint8)
    for place in range(8):
        for channel in range(3):
            bit = (numbers >> (3 * place + channel)) & 1
            colors[:, channel] |= (bit << (7 - place)).astype(np.uint8)
    return colors


def read_coco(export, classes):
    masks = {}
    for split in ("train", "val"):
        document = json.loads(export.bytes(f"annotations/stuff_{split}.json"))
        categories = [(category["id"], category["name"]) for category in document["categories"]]
        check(categories == list(enumerate(classes, 1)), "the categories are not the list of the classes")
        files = {image["id"]: image for image in document["images"]}
        for image in files.values():
            masks[image["file_name"]] = np.full((image["height"], image["width"]), UNLABELLED, np.uint8)
        for annotation in document["annotations"]:
            check(annotation["iscrowd"] == 0, "an annotation is a crowd, which readers leave out")
            mask = masks[files[annotation["image_id"]]["file_name"]]
            inside = decode_runs(annotation["segmentation"])
            check((mask[inside] == UNLABELLED).all(), "two masks of an image overlap")
            mask[inside] = annotation["category_id"] - 1
            (region,) = regionprops(inside.astype(np.uint8))
            top, left, bottom, right = region.bbox
            check(annotation["bbox"] == [left, top, right - left, bottom - top], "a box is not that of its mask")
            check(annotation["area"] == region.area, "an area is not that of its mask")
    return masks


def decode_runs(segmentation):
    """Runs go down the columns, outside and inside in turn."""
    height, width = segmentation["size"]
    counts = np.array(unpack(segmentation["counts"]))
    inside = np.repeat(np.arange(len(counts)) % 2 == 1, counts)
    check(len(inside) == height * width, "runs are not as long as the image is large")
    return inside.reshape((height, width), order="F")


def unpack(text):
    """Five bits a character, the lowest first, a sixth where the number goes on; from the fourth on, differences to two before."""
    runs, bits, place = [], 0, 0
    for code in text.encode("ascii"):
        code -= 48
        bits |= (code & 31) << place
        place += 5
        if code & 32:
            continue
        number = bits - (1 << place) if code & 16 else bits
        runs.append(number + (runs[-2] if len(runs) > 2 else 0))
        bits, place = 0, 0
    return runs


READERS = {
    "index": read_index,
    "cityscapes": read_cityscapes,
    "bdd100k": read_bdd100k,
    "camvid": read_camvid,
    "voc": read_voc,
    "cvat": read_cvat,
    "coco": read_coco,
}


def expected_masks(document, kind):
    """The raster of each image that has any label, by its path."""
    masks = {}
    for image in document["images"]:
        raster = np.frombuffer(base64.b64decode(image[kind]), np.uint8).reshape(image["height"], image["width"])
        if (raster != UNLABELLED).any():
            masks[image["path"]] = raster
    return masks


def looked_for(name, image, images):
    """Where the readers of a layout look for the mask of an image; None where it has its name with another."""
    path, split = Path(image["path"]), image["split"]
    keeps_folders = name in ("index", "cvat")

    def title_of(path):
        return path.with_suffix("").relative_to("images") if keeps_folders else path.stem

    title = title_of(path)
    rivals = [each for each in images if each is not image and (name == "voc" or each["split"] == split)]
    if title in [title_of(Path(each["path"])) for each in rivals]:
        return None
    return {
        "index": f"labels/{title}.png",
        "cityscapes": f"gtFine/{split}/images/{title}_gtFine_labelTrainIds.png",
        "bdd100k": f"labels/sem_seg/masks/{split}/{title}.png",
        "camvid": f"{split}annot/{title}.png",
        "voc": f"SegmentationClass/{title}.png",
        # CVAT knows the folder that all frames lie in.
        "cvat": f"SegmentationClass/{title}.png",
    }[name]


def compare(name, export, document, kind):
    """Reads one set; returns how many masks and pixels were compared."""
    classes = [each["name"] for each in document["classes"]]
    own = json.loads(export.bytes("classes.json"))["classes"]
    check([each["name"] for each in own] == classes, "classes.json is not the list of the classes")
    masks = READERS[name](export, classes)
    if name != "coco":
        owners = export.owners()
        check(set(owners) == set(masks), "images.csv does not name just the masks")
        places = {image: mask for mask, image in owners.items()}
        for image in document["images"]:
            place = looked_for(name, image, document["images"])
            found = places.get(image["path"])
            check(None in (place, found) or place == found, f"the mask of {image['path']} is {found}, not {place}")
        masks = {owners[path]: mask for path, mask in masks.items()}
    expected = expected_masks(document, kind)
    check(set(masks) == set(expected), f"masks of {sorted(set(masks) ^ set(expected))}")
    for path, raster in expected.items():
        check(masks[path].shape == raster.shape, f"{path} has a mask of {masks[path].shape}, not {raster.shape}")
        wrong = int((masks[path] != raster).sum())
        check(wrong == 0, f"{path}: {wrong} pixels differ")
    return masks


def check_pictures(masks, document, folder):
    """Masks have the size of the upright picture, and lie on what they name: the pictures are painted in the classes' colours."""
    for path, mask in masks.items():
        picture = Image.open(folder / "pictures" / path)
        upright = ImageOps.exif_transpose(picture).convert("RGB")
        check(mask.shape == (upright.height, upright.width), f"the mask of {path} has not the size of the upright picture")
        if picture.getexif().get(274, 1) == 1:
            continue
        check(mask.shape != (picture.height, picture.width), f"{path} would fit without being turned")
        # The corners hold classes that are not in the picture.
        pixels, inner = np.array(upright, int)[8:-8], mask[8:-8]
        for class_id in np.unique(inner[inner != UNLABELLED]):
            color = document["classes"][class_id]["color"]
            seen = np.median(pixels[inner == class_id], axis=0)
            check(np.abs(seen - color).max() < 6, f"class {class_id} of {path} lies on {seen}, not on {color}")


def main():
    folder = Path(sys.argv[1])
    document = json.loads((folder / "expected.json").read_text("utf-8"))
    failed = False
    for name in READERS:
        for choice in ("out", "in", "beside"):
            try:
                with zipfile.ZipFile(folder / f"{name}-{choice}.zip") as archive:
                    check(archive.testzip() is None, "the zip is damaged")
                    sets = [Export(archive)] if choice != "beside" else [Export(archive), Export(archive, "extended/")]
                    kinds = {"out": ["given"], "in": ["extended"], "beside": ["given", "extended"]}[choice]
                    read = [compare(name, export, document, kind) for export, kind in zip(sets, kinds)]
                for masks in read:
                    check_pictures(masks, document, folder)
                pixels = sum(mask.size for masks in read for mask in masks.values())
                counts = " + ".join(str(len(masks)) for masks in read)
                print(f"{name:<10} {choice:<6} ok: {counts} masks, {pixels} pixels")
            except (AssertionError, LookupError, ValueError, OSError, zipfile.BadZipFile) as problem:
                failed = True
                print(f"{name:<10} {choice:<6} WRONG: {problem}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
