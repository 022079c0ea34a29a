"""Quantises a float ONNX model with onnxruntime's own tool: model, images (float32, one after another), output, images' shape."""
import logging
import sys

import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static

logging.disable(logging.WARNING)
model, images, output, scales, *shape = sys.argv[1:]
batches = np.fromfile(images, np.float32).reshape(-1, 1, *map(int, shape))


class Reader(CalibrationDataReader):
    def __init__(self):
        self.left = iter(batches)

    def get_next(self):
        image = next(self.left, None)
        return None if image is None else {"input": image}


quantize_static(
    model,
    output,
    Reader(),
    quant_format=QuantFormat.QDQ,
    per_channel=scales == "per-channel",
    activation_type=QuantType.QUInt8,
    weight_type=QuantType.QInt8,
    calibrate_method=CalibrationMethod.MinMax,
)

# Every quantised value as an output of its own.
quantised = onnx.load(output)
for node in quantised.graph.node:
    if node.op_type == "QuantizeLinear" and node.input[0] not in {one.name for one in quantised.graph.initializer}:
        quantised.graph.output.append(onnx.helper.make_tensor_value_info(node.output[0], onnx.TensorProto.UINT8, None))
onnx.save(quantised, output + ".observed")
