"""Do weights of torchvision or timm give the same logits in lightbench's network as in the library's?

    python same_logits.py timm:lcnet_050 'pp-lcnet(width=0.5)' --pretrained
    python same_logits.py timm:lcnet_050 'pp-lcnet(width=0.5)' --state-dict lcnet_050.safetensors
    python same_logits.py timm:lcnet_050 'pp-lcnet(width=0.5)'                      # random weights of the seed

The weights go through a safetensors file into `lightbench export`, in deploy form; both networks see the same random images. Prints the
largest difference of the logits over the largest logit, and how many images get the same class. Exit code 1 where the difference is
above --tolerance. Needs torch, the library, numpy, safetensors and onnxruntime.
"""

import argparse
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy
import onnxruntime
import torch
from safetensors.torch import load_file, save_file


def parse():
    parser = argparse.ArgumentParser(description="Compare logits of a network of torchvision or timm with lightbench's.")
    parser.add_argument("theirs", help="library and network: timm:lcnet_050")
    parser.add_argument("ours", help="network of lightbench, with its options: pp-lcnet(width=0.5)")
    weights = parser.add_mutually_exclusive_group()
    weights.add_argument("--pretrained", action="store_true", help="the library's pretrained weights, which it downloads")
    weights.add_argument("--state-dict", type=Path, help="weights of the library's network: .safetensors, .pt or .pth")
    parser.add_argument("--size", type=int, default=224, help="side of the images")
    parser.add_argument("--images", type=int, default=8, help="how many images")
    parser.add_argument("--seed", type=int, default=0, help="of the images, and of random weights")
    parser.add_argument("--tolerance", type=float, default=1e-4, help="largest difference over the largest logit")
    parser.add_argument("--lightbench", default="npx lightbench", help="how lightbench is called")
    return parser.parse_args()


def load(theirs, pretrained):
    library, _, name = theirs.partition(":")
    if library == "timm":
        import timm

        return timm.create_model(name, pretrained=pretrained)
    if library == "torchvision":
        import torchvision

        return torchvision.models.get_model(name, weights="DEFAULT" if pretrained else None)
    sys.exit(f"{theirs}: name the library first, timm:NAME or torchvision:NAME.")


def with_statistics(model):
    """Batch norms as after a training: at their initial values they would hide what is wrong with them."""
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.weight.uniform_(0.8, 1.2)
                module.bias.uniform_(-0.2, 0.2)
                module.running_mean.uniform_(-0.2, 0.2)
                module.running_var.uniform_(0.8, 1.2)


def read(file):
    if file.suffix == ".safetensors":
        return load_file(file)
    return torch.load(file, map_location="cpu", weights_only=True)


def main():
    options = parse()
    torch.manual_seed(options.seed)
    model = load(options.theirs, options.pretrained).eval()
    if options.state_dict:
        model.load_state_dict(read(options.state_dict), strict=True)
    elif not options.pretrained:
        with_statistics(model)
    images = torch.randn(options.images, 3, options.size, options.size)
    with torch.no_grad():
        expected = model(images).numpy()
    with tempfile.TemporaryDirectory() as folder:
        weights, network = Path(folder, "weights.safetensors"), Path(folder, "network.onnx")
        save_file({name: value.contiguous() for name, value in model.state_dict().items()}, weights)
        place = ["--input", f"3x{options.size}x{options.size}", "--classes", str(expected.shape[1])]
        command = [*shlex.split(options.lightbench), "export", options.ours, "--weights", str(weights), "--out", str(network)]
        if subprocess.run([*command, *place], stdout=subprocess.DEVNULL, check=False).returncode:
            sys.exit(2)
        session = onnxruntime.InferenceSession(str(network), providers=["CPUExecutionProvider"])
        found = session.run(None, {"input": images.numpy()})[0]
    difference = float(numpy.abs(found - expected).max() / numpy.abs(expected).max())
    same = int((found.argmax(1) == expected.argmax(1)).sum())
    print(f"{options.theirs} and {options.ours}: logits differ by {difference:.1e} of the largest; {same} of {options.images} classes are the same")
    sys.exit(0 if difference <= options.tolerance else 1)


main()
