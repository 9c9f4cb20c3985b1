package dev.attune.train;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** {@code trainer_state.json}, with the keys of the reference's TrainerState and no others: it refuses those. */
final class TrainerStateJson {
    private TrainerStateJson() {}

    static String of(
            TrainingState state,
            TrainingArguments args,
            TrainingPlan plan,
            Due due,
            BestModel best,
            LogHistory history) {
        Map<String, @Nullable Object> content = new TreeMap<>();
        content.put("best_global_step", best.step() < 0 ? null : best.step());
        content.put("best_metric", best.metric());
        // Only the reference's own load_best_model_at_end needs the path; folders of runs move.
        content.put("best_model_checkpoint", null);
        content.put("epoch", plan.progress(state));
        content.put("eval_steps", due.evalEvery());
        content.put("global_step", state.step());
        content.put("is_hyper_param_search", false);
        content.put("is_local_process_zero", true);
        content.put("is_world_process_zero", true);
        content.put("log_history", history.rows());
        content.put("logging_steps", due.logEvery());
        content.put("max_steps", plan.totalSteps());
        content.put("num_input_tokens_seen", 0);
        content.put("num_train_epochs", (int) Math.ceil(plan.epochs()));
        content.put("save_steps", due.saveEvery());
        content.put("stateful_callbacks", Map.of());
        content.put("total_flos", 0.0); // not counted here
        content.put("train_batch_size", args.perDeviceTrainBatchSize());
        content.put("trial_name", null);
        content.put("trial_params", null);
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(content) + "\n";
    }
}
