"""A network in training: SGD or AdamW as the recipe says, with all of its state on the device.

State travels as flat vectors of float32, each the values of its parameters one after the other: `parameters` and `statistics`; `momenta` and
`squares` of the optimiser; `mean_parameters` and `mean_statistics`, the moving averages.
"""

import os

import torch
from torch.nn import functional as F

from network import Network, on_device
from painting import maps_of

# Those of an optimiser, by what PyTorch calls them.
MOMENTS = {
    "sgd": {"momenta": "momentum_buffer"},
    "adamw": {"momenta": "exp_avg", "squares": "exp_avg_sq"},
}


def require_memory(device, least):
    """On a GPU, before anything is computed: other programs may hold it. What PyTorch has kept for itself counts as free."""
    if device.type != "cuda":
        return
    free, total = torch.cuda.mem_get_info(device)
    free += torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    if free < least:
        raise MemoryError(
            f"out of memory before the first step: it takes at least {least / 2**30:.1f} GiB, and {free / 2**30:.1f} of the "
            f"{total / 2**30:.1f} GiB of {torch.cuda.get_device_name(device)} are free"
        )


# New memory is written before it is read here: filling it would only take time.
torch.utils.deterministic.fill_uninitialized_memory = False


def be_deterministic(wanted):
    """Of the whole process, until it is told otherwise. An operation that has no deterministic algorithm then fails."""
    if wanted:
        # cuBLAS looks at it before its first product; without, it does not repeat itself.
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.set_deterministic_debug_mode("error" if wanted else "default")
    torch.backends.cudnn.deterministic = wanted


class Trainer:
    def __init__(self, request, vectors):
        be_deterministic(request["recipe"]["deterministic"])
        self.device = torch.device(request["device"])
        require_memory(self.device, request["leastBytes"])
        self.recipe, self.batch, self.shape = request["recipe"], request["batch"], request["input"]
        self.learnable, self.running = request["learnable"], request["running"]
        self.parameters = self.tensors(self.learnable, vectors["parameters"])
        self.statistics = self.tensors(self.running, vectors["statistics"])
        for tensor in self.parameters:
            tensor.requires_grad_()
        described = zip([*self.learnable, *self.running], [*self.parameters, *self.statistics])
        self.network = Network(request["graph"], {one["path"]: tensor for one, tensor in described}, training=True)
        self.forward = self.network
        if self.recipe["compiled"]:
            self.forward = torch.compile(self.network.__call__, fullgraph=True, dynamic=False)
        self.averages = {}
        if self.recipe["emaDecay"] > 0:
            self.averages = {
                "mean_parameters": self.tensors(self.learnable, vectors["mean_parameters"]),
                "mean_statistics": self.tensors(self.running, vectors["mean_statistics"]),
            }
        self.optimizer = self.make_optimizer()
        self.restore_moments(vectors, request["steps"])

    def tensors(self, described, values):
        sizes = [one["size"] for one in described]
        pieces = values.split(sizes) if sizes else []
        return [on_device(piece, one["shape"], self.device) for piece, one in zip(pieces, described)]

    def make_optimizer(self):
        decayed = [tensor for tensor, one in zip(self.parameters, self.learnable) if one["decays"]]
        others = [tensor for tensor, one in zip(self.parameters, self.learnable) if not one["decays"]]
        groups = [
            {"params": tensors, "weight_decay": decay}
            for tensors, decay in ((decayed, self.recipe["weightDecay"]), (others, 0.0))
            if tensors
        ]
        settings = self.recipe["optimizer"]
        # PyTorch has fused optimisers for these two; elsewhere it takes all tensors together, operation by operation.
        fused = self.device.type in ("cpu", "cuda")
        if settings["kind"] == "sgd":
            momentum = settings["momentum"]
            nesterov = settings["nesterov"] and momentum > 0
            return torch.optim.SGD(groups, 1.0, momentum=momentum, nesterov=nesterov, fused=fused)
        betas = (settings["beta1"], settings["beta2"])
        return torch.optim.AdamW(groups, 1.0, betas=betas, eps=settings["epsilon"], fused=fused)

    def restore_moments(self, vectors, steps):
        kind = self.recipe["optimizer"]["kind"]
        for vector, name in MOMENTS[kind].items():
            for parameter, moment in zip(self.parameters, self.tensors(self.learnable, vectors[vector])):
                self.optimizer.state[parameter][name] = moment
        if kind == "adamw":
            for parameter in self.parameters:
                self.optimizer.state[parameter]["step"] = torch.tensor(float(steps), device=self.device)

    def step(self, request, payload):
        """One step on a full batch; the mean loss before it. The payload: images, painted or not, labels, and for mixtures second labels and shares."""
        be_deterministic(self.recipe["deterministic"])
        tail = request["tail"] * self.batch
        images, rest = payload.split([payload.numel() - tail, tail])
        labels = rest.view(-1, self.batch).to(self.device)
        maps = maps_of(request, images, (self.batch, *self.shape), self.device)
        rounded = self.recipe["precision"] == "bf16"
        self.optimizer.zero_grad(set_to_none=True)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=rounded):
            logits = self.forward(maps)
        loss = self.loss(logits.float(), *labels)
        loss.backward()
        for parameter in self.parameters:
            if parameter.grad is None:
                parameter.grad = torch.zeros_like(parameter)
        if self.recipe["clipNorm"] is not None:
            torch.nn.utils.clip_grad_norm_(self.parameters, self.recipe["clipNorm"])
        for group in self.optimizer.param_groups:
            group["lr"] = request["rate"]
        self.optimizer.step()
        if self.averages:
            with torch.no_grad():
                for vector, latest in (("mean_parameters", self.parameters), ("mean_statistics", self.statistics)):
                    if latest:
                        torch._foreach_lerp_(self.averages[vector], latest, request["meanShare"])
        return loss.detach()

    def loss(self, logits, labels, second_labels=None, shares=None):
        """Cross-entropy with the target 1 - s for the label plus s / classes for every class; that of a mixture is mixed."""
        smoothing = self.recipe["labelSmoothing"]
        labels = labels.view(torch.int32).long()
        if shares is None:
            return F.cross_entropy(logits, labels, label_smoothing=smoothing)
        first = F.cross_entropy(logits, labels, label_smoothing=smoothing, reduction="none")
        second_labels = second_labels.view(torch.int32).long()
        second = F.cross_entropy(logits, second_labels, label_smoothing=smoothing, reduction="none")
        return torch.lerp(second, first, shares).mean()

    def vector(self, name):
        if name == "parameters":
            return self.parameters
        if name == "statistics":
            return self.statistics
        if name in self.averages:
            return self.averages[name]
        moment = MOMENTS[self.recipe["optimizer"]["kind"]][name]
        state = self.optimizer.state
        return [state[parameter].get(moment, torch.zeros_like(parameter)) for parameter in self.parameters]
