"""Deformable convolution: maps the ONNX operator `DeformConv` to OpenVINO's own, which its reader lacks."""

from typing import Any


def deform_conv_extension() -> Any:
    """Return the extension that lets OpenVINO's `Core` read ONNX networks with `DeformConv`.

    Sources: the specifications of ONNX `DeformConv` (opset 19) and OpenVINO `DeformableConvolution` (8). Both
    sample bilinearly at `offset` (y and x per kernel position), weigh by `mask` and take filters of the
    shape (C_out, C_in / group, kH, kW). They differ in the order of inputs and in the bias, which OpenVINO
    does not have.
    """
    from openvino.frontend.onnx import ConversionExtension

    return ConversionExtension("DeformConv", _converted)


def _converted(node: Any) -> Any:
    import numpy as np
    from openvino import opset8, opset13

    data, filters, offsets = (node.get_input(index) for index in range(3))
    bias, mask = (_optional(node, index) for index in (3, 4))
    pads = list(node.get_attribute("pads", [0, 0, 0, 0]))
    result = opset8.deformable_convolution(
        data,
        offsets,
        filters,
        strides=list(node.get_attribute("strides", [1, 1])),
        pads_begin=pads[:2],
        pads_end=pads[2:],
        dilations=list(node.get_attribute("dilations", [1, 1])),
        mask=mask,
        auto_pad="EXPLICIT",
        group=node.get_attribute("group", 1),
        deformable_group=node.get_attribute("offset_group", 1),
        # ONNX counts samples beyond the border as zero, one neighbour at a time.
        bilinear_interpolation_pad=True,
    )
    if bias is not None:
        per_channel = opset13.reshape(
            bias, opset13.constant(np.array([1, -1, 1, 1], np.int64)), special_zero=False
        )
        result = opset13.add(result, per_channel)
    return result.outputs()


def _optional(node: Any, index: int) -> Any | None:
    """Return an input, or None if it is missing or named by an empty string."""
    if node.get_input_size() <= index:
        return None
    given = node.get_input(index)
    return None if given.get_node().get_type_name() == "NullNode" else given
