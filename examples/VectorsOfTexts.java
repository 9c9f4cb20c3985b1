// Turns texts into vectors and finds the two that mean about the same.
//
//   java @cli/jvm.options -cp "cli/target/classes:$(cat cli/target/classpath.txt)" examples/VectorsOfTexts.java
//
// Argument, optional: the model. README.md tells how to build the class path.

import dev.attune.task.FineTuned;
import dev.attune.task.featureextraction.FeatureExtractionAnswers;
import dev.attune.task.featureextraction.FeatureExtractionPipeline;
import java.util.List;

public final class VectorsOfTexts {
    public static void main(String[] args) {
        String model = args.length > 0 ? args[0] : "minilm";
        List<String> texts = List.of("I lost my card", "my card is gone", "the food was good");
        // Of length 1, so that the product of two vectors is the cosine of their angle.
        FeatureExtractionAnswers unit =
                FeatureExtractionAnswers.builder().normalize(true).build();
        try (var encoder = FeatureExtractionPipeline.load(FineTuned.open(model), unit)) {
            List<float[]> vectors = encoder.vectors(texts);
            for (int i = 1; i < texts.size(); i++) {
                System.out.println(texts.get(i) + ": " + product(vectors.get(0), vectors.get(i)));
            }
        }
    }

    private static double product(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
        return sum;
    }
}
