package dev.attune.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.model.Golden;
import dev.attune.nn.Init;
import dev.attune.nn.NeuralModule;
import dev.attune.nn.Parameter;
import dev.attune.optim.GradientNorm;
import dev.attune.optim.Optimizer;
import dev.attune.optim.OptimizerArguments;
import dev.attune.optim.ParameterGroups;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Twenty steps of every optimizer with every option against torch's and Hugging Face's, gradients given: the parameters after
 * each step. Made by {@code parity/make_optimizer_golden.py}.
 */
class OptimizerParityTest {
    private static final JsonNode GOLDEN = Golden.json(Golden.path("train/optimizers.json"));

    private static final class Model extends NeuralModule {
        final Parameter weight = param("weight", Init.ZEROS, 4, 3);
        final Parameter bias = param("bias", Init.ZEROS, 3);
    }

    static Stream<String> cases() {
        return StreamSupport.stream(GOLDEN.get("cases").spliterator(), false)
                .map(each -> each.toString().replaceFirst(",?\"steps\".*", "}"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyStepEqualsTheReference(String name) {
        JsonNode each = StreamSupport.stream(GOLDEN.get("cases").spliterator(), false)
                .filter(one -> one.toString().startsWith(name.substring(0, name.length() - 1) + ",\"steps\""))
                .findFirst()
                .orElseThrow();
        TrainingArguments args = arguments(each);
        try (Scope scope = Scope.open();
                Model model = new Model();
                Optimizer optimizer =
                        OptimizerNames.create(args, ParameterGroups.of(model.parameters(), args.weightDecay()))) {
            List<Parameter> parameters = List.of(model.weight, model.bias);
            for (int i = 0; i < 2; i++) {
                parameters.get(i).value().copyInPlace(tensor(GOLDEN.get("start").get(i), parameters.get(i)));
            }
            JsonNode steps = each.get("steps");
            assertThat(steps).hasSize(20);
            for (int step = 0; step < steps.size(); step++) {
                for (int i = 0; i < 2; i++) {
                    Tensor gradient = tensor(GOLDEN.get("gradients").get(step).get(i), parameters.get(i));
                    parameters.get(i).value().clearGrad();
                    parameters.get(i).value().mul(gradient).sum().backward();
                }
                double factor = GradientNorm.clipFactor(GradientNorm.of(parameters), args.maxGradNorm());
                optimizer.step(GOLDEN.get("learning_rates").get(step).doubleValue(), factor);
                for (int i = 0; i < 2; i++) {
                    Golden.assertClose(
                            "step " + (step + 1) + " parameter " + i,
                            parameters.get(i).value().toFloats(),
                            floats(steps.get(step).get(i)),
                            1e-6);
                }
            }
        }
    }

    private static TrainingArguments arguments(JsonNode given) {
        TrainingArgumentsBuilder builder = TrainingArguments.builder()
                .optim((OptimizerNames) TrainingArguments.schema()
                        .find("optim")
                        .orElseThrow()
                        .parse(given.get("optim").stringValue()))
                .weightDecay(given.path("weight_decay").asDouble(0))
                .maxGradNorm(given.path("max_grad_norm").asDouble(0))
                .adamBeta1(given.path("adam_beta1").asDouble(0.9))
                .adamBeta2(given.path("adam_beta2").asDouble(0.999))
                .adamEpsilon(given.path("adam_epsilon").asDouble(1e-8));
        if (given.has("optim_args")) {
            builder.optimArgs(OptimizerArguments.builder()
                    .text(given.get("optim_args").stringValue())
                    .build());
        }
        return builder.build();
    }

    private static Tensor tensor(JsonNode values, Parameter like) {
        return Tensor.ofFloats(floats(values), like.value().shape());
    }

    private static float[] floats(JsonNode values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++)
            floats[i] = (float) values.get(i).doubleValue();
        return floats;
    }
}
