// The training loop by hand: tokens, forward, loss, backward, step, zero. This is what Job and Trainer do inside.
//
//   java @cli/jvm.options -cp "cli/target/classes:$(cat cli/target/classpath.txt)" examples/TrainingLoop.java
//
// Arguments, both optional: the model, the folder for the result. README.md tells how to build the class path.

import dev.attune.data.Batch;
import dev.attune.data.BatchLoader;
import dev.attune.data.Example;
import dev.attune.data.Examples;
import dev.attune.data.Sampler;
import dev.attune.hub.Hub;
import dev.attune.model.Models;
import dev.attune.model.PretrainedModel;
import dev.attune.model.SequenceClassifier;
import dev.attune.model.Tokens;
import dev.attune.optim.AdamW;
import dev.attune.optim.ParameterGroups;
import dev.attune.tensor.Losses;
import dev.attune.tensor.Rng;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import dev.attune.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

public final class TrainingLoop {
    private static final long SEED = 42;

    public static void main(String[] args) {
        Path folder = Hub.resolve(args.length > 0 ? args[0] : "minilm").directory();
        Path output = Path.of(args.length > 1 ? args[1] : "runs/training-loop");
        List<String> texts =
                List.of("the film was good", "great and very nice", "the film was bad", "awful, poor food");
        int[] classes = {1, 1, 0, 0};

        Rng.seed(SEED); // before the model: the new head is random
        PretrainedModel model = Models.sequenceClassifier(folder, List.of("negative", "positive"))
                .model();
        SequenceClassifier classifier = (SequenceClassifier) model;
        ParameterGroups parameters = ParameterGroups.of(model.parameters(), 0.01);
        try (model;
                Tokenizer tokenizer = Tokenizer.load(folder);
                AdamW optimizer = new AdamW(parameters, 0.9, 0.999, 1e-8)) {
            List<Example> examples = new ArrayList<>();
            for (int i = 0; i < classes.length; i++) {
                var encoding = tokenizer.encodeIds(texts.get(i), null, 32);
                examples.add(new Example(encoding.ids(), encoding.typeIds(), new int[] {classes[i]}, new float[0]));
            }

            model.train(true); // dropout on
            Examples data = Examples.of(examples);
            Sampler sampler = Sampler.random(data.size(), SEED);
            for (int epoch = 0; epoch < 10; epoch++) {
                double sum = 0;
                try (BatchLoader batches = BatchLoader.of(data, sampler.order(epoch), 2, false, epoch, SEED)) {
                    for (Batch batch : batches) {
                        try (Scope scope = Scope.open()) { // frees every tensor of this step
                            // A batch is packed: N tokens of B texts in one row, no padding.
                            Tokens tokens = Tokens.of(batch.ids(), batch.typeIds(), batch.lengths(), batch.keys());
                            Tensor logits = classifier.forward(tokens); // (N) to (B, K)
                            Tensor loss = Losses.crossEntropySum(logits, Tensor.ofInts(batch.labels()), 0);
                            loss.div(batch.size()).backward();
                            sum += loss.item();
                        }
                        optimizer.step(2e-4, 1); // learning rate; the 1 would shorten the gradient if it clipped
                        parameters.all().forEach(parameter -> parameter.value().clearGrad());
                    }
                }
                System.out.println("epoch " + (epoch + 1) + " loss " + sum / examples.size());
            }
            model.save(output);
            tokenizer.save(output); // now a folder that attune predict and Python read
        }
    }
}
