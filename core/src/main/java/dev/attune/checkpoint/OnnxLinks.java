package dev.attune.checkpoint;

import dev.attune.checkpoint.OnnxGraph.Initializer;
import dev.attune.checkpoint.OnnxGraph.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The ways through an ONNX graph: from a tensor to its constant value, and from a node to those that use its output. */
final class OnnxLinks {
    /** Operators that hand on the numbers of a constant as they are. */
    private static final Set<String> SAME_NUMBERS = Set.of("Identity", "Cast", "Unsqueeze", "Squeeze", "Reshape");

    /** Most of these in a row; a damaged file may hold a circle. */
    private static final int MAX_DEPTH = 8;

    private final List<Node> nodes;
    private final Map<String, double[]> initializers = new HashMap<>();
    private final Map<String, Node> makers = new HashMap<>();
    private final Map<String, List<Node>> users = new HashMap<>();

    OnnxLinks(OnnxGraph graph) {
        nodes = graph.nodes();
        for (Initializer initializer : graph.initializers()) {
            if (initializer.few() != null) initializers.put(initializer.name(), initializer.few());
        }
        for (Node node : nodes) {
            for (String output : node.outputs()) makers.put(output, node);
            for (String input : node.inputs()) {
                users.computeIfAbsent(input, name -> new ArrayList<>()).add(node);
            }
        }
    }

    List<Node> nodes() {
        return nodes;
    }

    /** The nodes that use an output of this one. */
    List<Node> users(Node node) {
        return node.outputs().stream()
                .flatMap(output -> users.getOrDefault(output, List.of()).stream())
                .toList();
    }

    /** The few numbers of a tensor, or null if it is computed from the input, or large. */
    double @Nullable [] constant(String tensor) {
        return constant(tensor, MAX_DEPTH);
    }

    private double @Nullable [] constant(String tensor, int depth) {
        double[] initializer = initializers.get(tensor);
        if (initializer != null) return initializer;
        Node maker = makers.get(tensor);
        if (maker == null) return null;
        if (maker.op().equals("Constant")) {
            // Its one attribute is called value, value_float, value_ints …
            return maker.numbers().size() == 1
                    ? maker.numbers().values().iterator().next()
                    : null;
        }
        boolean same = SAME_NUMBERS.contains(maker.op()) && !maker.inputs().isEmpty() && depth > 0;
        return same ? constant(maker.inputs().get(0), depth - 1) : null;
    }

    /** A tensor that is a shape, {@code NaN} for each size that depends on the input; empty if it cannot be told. */
    double[] shape(String tensor) {
        Node maker = makers.get(tensor);
        if (maker == null || !maker.op().equals("Concat")) {
            double[] constant = constant(tensor);
            return constant == null ? new double[0] : constant;
        }
        double[] shape = new double[maker.inputs().size()];
        for (int i = 0; i < shape.length; i++) {
            double[] size = constant(maker.inputs().get(i));
            if (size != null && size.length != 1) return new double[0];
            shape[i] = size == null ? Double.NaN : size[0];
        }
        return shape;
    }
}
