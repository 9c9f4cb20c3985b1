package dev.attune.job;

import dev.attune.adapt.FreezingNotes;
import dev.attune.adapt.Lora;
import dev.attune.adapt.LoraConfig;
import dev.attune.adapt.TrainableParameters;
import dev.attune.model.LoadedModel;
import dev.attune.task.Task;
import dev.attune.tensor.Native;
import dev.attune.text.Tokenizer;
import dev.attune.train.Evaluated;
import dev.attune.train.Evaluator;
import dev.attune.train.RunFolder;
import dev.attune.train.RunInfo;
import dev.attune.train.TrainSummary;
import dev.attune.train.Trainer;
import dev.attune.train.TrainerControl;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingListener;
import dev.attune.train.TrainingPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A job whose rows are encoded and whose model is loaded: from its first line in the run folder to the last file written. */
record TrainingJob(
        RunFolder folder,
        Resumption resumption,
        Recipe recipe,
        Hooks hooks,
        JobModel model,
        JobData data,
        EncodedSets sets,
        Tokenizer tokenizer,
        LoadedModel loaded) {
    /**
     * @param dropout in force, for the records
     * @param lora what was added to the model; null for a whole training
     * @param notes for the user, before the first step
     */
    TrainSummary train(
            TrainingPlan plan,
            Map<String, Double> dropout,
            @Nullable Lora lora,
            List<String> notes,
            TrainingListener listener) {
        TrainingArguments args = recipe.training();
        TrainerControl control = hooks.control() == null ? new TrainerControl() : hooks.control();
        Task task = data.task().bind(loaded.model(), tokenizer);
        Provenance provenance = Provenance.of(recipe, model, data, tokenizer, sets.maxLength());
        provenance.dropout(dropout);
        RecordingListener recorder = new RecordingListener(listener, folder, provenance);
        Trainer trainer = new Trainer(args, task, sets.train().examples(), sets.validationSets(), recorder, control)
                .savingTo(folder.directory(), checkpoint -> save(checkpoint, provenance), Map.of("record", recorder));
        if (hooks.optimizer() != null) trainer.optimizingWith(hooks.optimizer());
        provenance.parameters(TrainableParameters.of(loaded.model()));
        // Whatever the model has to say against the recipe is said by now: here an older run goes.
        begin(provenance);
        recorder.onTrainBegin(info(plan));
        notes.forEach(recorder::onMessage);
        // The trainer has frozen what is to be frozen.
        FreezingNotes.ofRandom(loaded.model(), loaded.untrained()).forEach(recorder::onMessage);

        Path checkpoint = resumption.checkpoint();
        Trainer.Result result = checkpoint == null ? trainer.run() : trainer.resume(checkpoint);
        Evaluated tested = sets.testSet().isEmpty() ? null : test(task, control);

        LoraConfig adapters = recipe.job().lora();
        if (lora != null && adapters != null && adapters.merge()) lora.merge();
        recorder.draw();
        TrainSummary summary = new RunReport(recipe, data, model, folder, provenance, recorder)
                .write(result, tested, loaded.model(), tokenizer);
        recorder.onTrainEnd(summary);
        return summary;
    }

    private void save(Path checkpoint, Provenance provenance) {
        loaded.model().save(checkpoint);
        tokenizer.save(checkpoint);
        RunFolder.record(checkpoint, provenance.withModelHashes());
    }

    private Evaluated test(Task task, TrainerControl control) {
        TrainingArguments args = recipe.training();
        return loaded.model()
                .inType(
                        args.evaluationWeights(),
                        () -> Evaluator.evaluate(
                                task,
                                sets.testSet(),
                                args.perDeviceEvalBatchSize(),
                                args.precision(),
                                "test_",
                                control));
    }

    private void begin(Provenance provenance) {
        if (resumption.checkpoint() != null) {
            resumption.compare(provenance.withModelHashes(), recipe.job().onChange());
            provenance.resumes(resumption.run(), resumption.checkpoint());
        }
        if (resumption.isIn(folder.directory())) folder.goOn(provenance.toMap());
        else folder.begin(provenance.toMap());
    }

    private RunInfo info(TrainingPlan plan) {
        TrainableParameters parts = TrainableParameters.of(loaded.model());
        return new RunInfo(
                recipe.job().model().describe(),
                recipe.task().key(),
                data.task().columns(),
                sets.train().examples().size(),
                sets.validationSets().size(),
                loaded.model().parameterCount(),
                parts.trained(),
                parts,
                plan.totalSteps(),
                plan.epochs(),
                "cpu",
                switch (recipe.training().precision()) {
                    case BFLOAT16 -> "bf16";
                    case FLOAT16 -> "fp16";
                    default -> "float32";
                },
                Native.threads());
    }
}
