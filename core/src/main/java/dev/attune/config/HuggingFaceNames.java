package dev.attune.config;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Names that people bring along from Hugging Face's Trainer and its scripts, and that are not keys here. */
public final class HuggingFaceNames {
    /** Another name for a key of ours; the text after the key is the advice. */
    private static final Map<String, String> RENAMED = Map.ofEntries(
            Map.entry("evaluation_strategy", "eval_strategy."),
            Map.entry("warmup_ratio", "warmup_steps: a number below 1 is a share of all steps, for instance 0.1."),
            Map.entry("group_by_length", "train_sampling_strategy: group_by_length."),
            Map.entry("no_cuda", "use_cpu."),
            Map.entry("per_gpu_train_batch_size", "per_device_train_batch_size."),
            Map.entry("per_gpu_eval_batch_size", "per_device_eval_batch_size."),
            Map.entry("overwrite_output_dir", "overwrite."),
            Map.entry("model_name_or_path", "model."),
            Map.entry("train_file", "train."),
            Map.entry("validation_file", "validation."),
            Map.entry("hidden_dropout_prob", "hidden_dropout."),
            Map.entry("attention_probs_dropout_prob", "attention_dropout."),
            Map.entry("max_seq_length", "max_length."),
            Map.entry("text_column_name", "text_column."),
            Map.entry("label_column_name", "label_column."),
            Map.entry("lr", "learning_rate."),
            Map.entry("batch_size", "per_device_train_batch_size."),
            Map.entry("train_batch_size", "per_device_train_batch_size."),
            Map.entry("eval_batch_size", "per_device_eval_batch_size."),
            Map.entry("epochs", "num_train_epochs."),
            Map.entry("num_epochs", "num_train_epochs."),
            Map.entry("warmup", "warmup_steps."),
            Map.entry("scheduler", "lr_scheduler_type."),
            Map.entry("optimizer", "optim."),
            Map.entry("optim_args_weight_decay", "weight_decay, which is in force for every optimizer."),
            Map.entry("optim_args_lr", "learning_rate."),
            Map.entry("optim_args_beta1", "adam_beta1."),
            Map.entry("optim_args_beta2", "adam_beta2."),
            Map.entry("optim_args_betas", "adam_beta1 and adam_beta2."),
            Map.entry("optim_args_epsilon", "adam_epsilon; rmsprop and adagrad call theirs eps."),
            Map.entry("lora_lora_alpha", "lora_alpha: below lora it is called alpha."),
            Map.entry("lora_lora_dropout", "lora_dropout: below lora it is called dropout."),
            Map.entry("lora_init_lora_weights", "lora_init_weights: below lora it is called init_weights."),
            Map.entry("lora_rank", "lora_r."),
            Map.entry("use_lora", "lora: true."),
            Map.entry("use_peft", "lora: true."),
            Map.entry("peft_config", "lora."),
            Map.entry("output", "output_dir."));

    private static final Set<String> REMOVED = words("""
            logging_dir use_mps_device fp16_backend half_precision_backend fp16_opt_level jit_mode_eval tpu_num_cores \
            tpu_metrics_debug past_index ray_scope mp_parameters fsdp_min_num_params \
            fsdp_transformer_layer_cls_to_wrap push_to_hub_token push_to_hub_model_id push_to_hub_organization \
            include_inputs_for_metrics include_tokens_per_second use_legacy_prediction_loop \
            """);

    private static final Set<String> NOT_YET = words("""
            optim_target_modules average_tokens_across_devices \
            auto_find_batch_size tf32 \
            gradient_checkpointing_kwargs use_cache torch_compile torch_compile_backend torch_compile_mode \
            use_liger_kernel liger_kernel_config torch_empty_cache_steps logging_nan_inf_filter \
            log_on_each_node log_level log_level_replica disable_tqdm project trackio_space_id \
            trackio_bucket_id trackio_static_space_id include_num_input_tokens_seen prediction_loss_only \
            eval_accumulation_steps eval_do_concat_batches eval_use_gather_object include_for_metrics \
            batch_eval_metrics save_only_model save_on_each_node \
            enable_jit_checkpoint ignore_data_skip \
            restore_callback_states_from_checkpoint push_to_hub hub_token \
            hub_private_repo hub_model_id hub_strategy hub_always_push hub_revision full_determinism length_column_name remove_unused_columns label_names \
            dataloader_num_workers dataloader_pin_memory dataloader_persistent_workers dataloader_prefetch_factor \
            dataloader_multiprocessing_context dataloader_in_order accelerator_config parallelism_config fsdp \
            fsdp_config deepspeed ddp_find_unused_parameters ddp_bucket_cap_mb ddp_broadcast_buffers \
            ddp_static_graph ddp_backend ddp_timeout debug skip_memory_metrics do_train do_eval do_predict local_rank \
            lora_use_dora lora_rank_pattern lora_alpha_pattern lora_exclude_modules lora_fan_in_fan_out lora_layers_pattern \
            sortish_sampler generation_config \
            """);

    private HuggingFaceNames() {}

    private static Set<String> words(String text) {
        return Stream.of(text.trim().split("\\s+")).collect(Collectors.toUnmodifiableSet());
    }

    /** All names that {@link #explain} knows. */
    public static Set<String> all() {
        return Stream.of(RENAMED.keySet(), REMOVED, NOT_YET)
                .flatMap(Set::stream)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** What to tell someone who wrote this name; empty if it is not one of theirs. */
    public static Optional<String> explain(String name) {
        String advice = RENAMED.get(name);
        if (advice != null) return Optional.of("There is no key \"" + name + "\". Use " + advice);
        if (REMOVED.contains(name)) {
            return Optional.of(
                    name + " was removed from Hugging Face's TrainingArguments in version 5, and is not known"
                            + " here. Delete it.");
        }
        if (!NOT_YET.contains(name)) return Optional.empty();
        return Optional.of(name + " is a Hugging Face argument that this version does not support yet. Delete it.");
    }
}
