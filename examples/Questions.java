// Trains a model that finds the answer to a question in a text, on questions that are made in Java, and asks it.
//
//   java @cli/jvm.options -cp "cli/target/classes:$(cat cli/target/classpath.txt)" examples/Questions.java
//
// Arguments, both optional: the model and the folder of the run. README.md tells how to build the class path.

import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.job.Job;
import dev.attune.job.Recipe;
import dev.attune.task.questionanswering.FoundAnswer;
import dev.attune.task.questionanswering.QuestionAnsweringPipeline;
import dev.attune.train.TrainSummary;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

public final class Questions {
    public static void main(String[] args) {
        String model = args.length > 0 ? args[0] : "minilm";
        Path output = Path.of(args.length > 1 ? args[1] : "runs/questions");

        Recipe recipe = Recipe.builder()
                .task("question-answering")
                .model(model)
                .train("questions") // the rows come from Java: this is only what the records of the run call them
                .validationFraction(0.25)
                .overwrite(true)
                .training(TrainingArguments.builder()
                        .outputDir(output)
                        .learningRate(2e-4)
                        .numTrainEpochs(3)
                        .build())
                .build();
        TrainSummary done = Job.train(recipe, questions(), null, TrainingListener.SILENT);
        System.out.println("F1 " + done.allResults().get("eval_f1"));

        try (var answers = QuestionAnsweringPipeline.load(output.toString())) {
            FoundAnswer found = answers.predict("When does the bank open?", "The bank opens at noon, the shop at nine.");
            System.out.println(found.answer() + ", at " + found.start() + " to " + found.end());
        }
    }

    /** An answer is given with its place in the text, counted in code points; no answer is an empty list. */
    private static Dataset questions() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (String place : List.of("shop", "bank", "museum", "library")) {
            for (String time : List.of("nine", "ten", "noon", "eight")) {
                String context = "The " + place + " opens at " + time + ".";
                rows.add(Map.of(
                        "question", "When does the " + place + " open?",
                        "context", context,
                        "answers", Map.of("text", List.of(time), "answer_start", List.of(context.indexOf(time)))));
                rows.add(Map.of(
                        "question", "Who owns the " + place + "?",
                        "context", context,
                        "answers", Map.of("text", List.of(), "answer_start", List.of())));
            }
        }
        return Datasets.of("questions", rows);
    }
}
