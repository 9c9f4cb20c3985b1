// Breaks a training off, as a server does that has to shut down, and goes on with it later.
//
//   java @cli/jvm.options -cp "cli/target/classes:$(cat cli/target/classpath.txt)" examples/StopAndGoOn.java
//
// Arguments, all optional: the model, the folder of the run, the CSV file. README.md tells how to build the class path.

import dev.attune.error.StoppedException;
import dev.attune.job.Hooks;
import dev.attune.job.Job;
import dev.attune.job.Recipe;
import dev.attune.train.LogEvent;
import dev.attune.train.TrainSummary;
import dev.attune.train.TrainerControl;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingListener;
import java.nio.file.Path;

public final class StopAndGoOn {
    public static void main(String[] args) {
        String model = args.length > 0 ? args[0] : "minilm";
        Path output = Path.of(args.length > 1 ? args[1] : "runs/stop-and-go-on");
        String csv = args.length > 2 ? args[2] : "recipes/quickstart/train.csv"; // columns: text, label

        Recipe recipe = Recipe.builder()
                .model(model)
                .train(csv)
                .overwrite(true)
                .training(TrainingArguments.builder()
                        .outputDir(output)
                        .numTrainEpochs(1)
                        .perDeviceTrainBatchSize(4)
                        .build())
                .build();

        TrainerControl control = new TrainerControl();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void onStepEnd(LogEvent event) {
                if (event.step() == 2) control.cancel(); // from this thread or any other
            }
        };
        try {
            Job.train(recipe, Hooks.NONE.withControl(control), listener);
        } catch (StoppedException e) {
            System.out.println(e.getMessage()); // a checkpoint was saved
        }

        Recipe again = recipe.toBuilder().resumeFromCheckpoint("must").build();
        TrainSummary done = Job.train(again, TrainingListener.SILENT);
        System.out.println("epochs " + done.allResults().get("epoch"));
    }
}
