package dev.attune.job;

import dev.attune.adapt.FreezingNotes;
import dev.attune.adapt.Lora;
import dev.attune.adapt.LoraConfig;
import dev.attune.adapt.TrainableParameters;
import dev.attune.model.LoadedModel;
import dev.attune.task.Task;
import dev.attune.tensor.Native;
import dev.attune.train.Evaluated;
import dev.attune.train.Evaluator;
import dev.attune.train.RunFolder;
import dev.attune.train.RunInfo;
import dev.attune.train.TrainSummary;
import dev.attune.train.Trainer;
import dev.attune.train.TrainerControl;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingListener;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A job that was opened: from its first line in the run folder to the last file written. */
record TrainingJob(OpenJob job, RunFolder folder, Resumption resumption, Hooks hooks) {
    /** @param notes for the user, before the first step */
    TrainSummary train(List<String> notes, TrainingListener listener) {
        Recipe recipe = job.recipe();
        EncodedSets sets = job.sets();
        LoadedModel loaded = job.loaded();
        TrainingArguments args = recipe.training();
        TrainerControl control = hooks.control() == null ? new TrainerControl() : hooks.control();
        Task task = job.task();
        Provenance provenance = Provenance.of(recipe, job.model(), job.data(), job.tokenizer(), sets.maxLength());
        provenance.dropout(job.dropout());
        RecordingListener recorder = new RecordingListener(listener, folder, provenance);
        Trainer trainer = new Trainer(args, task, job.order(), sets.validationSets(), recorder, control)
                .savingTo(folder.directory(), checkpoint -> save(checkpoint, provenance), Map.of("record", recorder));
        if (hooks.optimizer() != null) trainer.optimizingWith(hooks.optimizer());
        provenance.parameters(TrainableParameters.of(loaded.model()));
        // Whatever the model has to say against the recipe is said by now: here an older run goes.
        begin(provenance);
        recorder.onTrainBegin(info());
        notes.forEach(recorder::onMessage);
        resumption.notes().forEach(recorder::onMessage);
        // The trainer has frozen what is to be frozen.
        FreezingNotes.ofRandom(loaded.model(), loaded.untrained()).forEach(recorder::onMessage);

        Path checkpoint = resumption.checkpoint();
        Trainer.Result result = checkpoint == null ? trainer.run() : trainer.resume(checkpoint);
        Evaluated tested = sets.testSet().isEmpty() ? null : test(task, control);

        Lora lora = job.lora();
        LoraConfig adapters = recipe.job().lora();
        if (lora != null && adapters != null && adapters.merge()) lora.merge();
        recorder.draw();
        TrainSummary summary = new RunReport(recipe, job.data(), job.model(), folder, provenance, recorder)
                .write(result, tested, loaded.model(), job.tokenizer());
        recorder.onTrainEnd(summary);
        return summary;
    }

    private void save(Path checkpoint, Provenance provenance) {
        job.loaded().model().save(checkpoint);
        job.tokenizer().save(checkpoint);
        RunFolder.record(checkpoint, provenance.withModelHashes());
    }

    private Evaluated test(Task task, TrainerControl control) {
        TrainingArguments args = job.recipe().training();
        return job.loaded()
                .model()
                .inType(
                        args.evaluationWeights(),
                        () -> Evaluator.evaluate(
                                task,
                                job.sets().testSet(),
                                args.perDeviceEvalBatchSize(),
                                args.precision(),
                                "test_",
                                control));
    }

    private void begin(Provenance provenance) {
        if (resumption.checkpoint() != null) {
            resumption.compare(provenance.withModelHashes(), job.recipe().job().onChange());
            provenance.resumes(resumption.run(), resumption.checkpoint());
        }
        if (resumption.isIn(folder.directory())) folder.goOn(provenance.toMap());
        else folder.begin(provenance.toMap());
    }

    private RunInfo info() {
        TrainableParameters parts = TrainableParameters.of(job.loaded().model());
        return new RunInfo(
                job.recipe().job().model().describe(),
                job.recipe().task().key(),
                job.data().task().columns(),
                job.sets().train().examples().size(),
                job.sets().validationSets().size(),
                job.loaded().model().parameterCount(),
                parts.trained(),
                parts,
                job.plan().totalSteps(),
                job.plan().epochs(),
                "cpu",
                switch (job.recipe().training().precision()) {
                    case BFLOAT16 -> "bf16";
                    case FLOAT16 -> "fp16";
                    default -> "float32";
                },
                Native.threads());
    }
}
