package dev.attune.train;

import dev.attune.adapt.TrainableParameters;

/**
 * What a run is about to do.
 *
 * @param model where the model comes from, as the user wrote it
 * @param task the task's name, for instance {@code text-classification}
 * @param columns which columns are read for what
 * @param trainExamples training examples after encoding
 * @param evalExamples validation examples, 0 if there are none
 * @param parameters all parameters of the model
 * @param trainableParameters the parameters that get a gradient
 * @param parts the same for each part of the model
 * @param totalSteps optimizer steps of the whole run
 * @param totalEpochs epochs of the whole run, possibly fractional
 * @param device for instance {@code cpu} or {@code cuda:0}
 * @param precision for instance {@code float32} or {@code bf16}
 * @param threads compute threads of one operation
 */
public record RunInfo(
        String model,
        String task,
        String columns,
        int trainExamples,
        int evalExamples,
        long parameters,
        long trainableParameters,
        TrainableParameters parts,
        int totalSteps,
        double totalEpochs,
        String device,
        String precision,
        int threads) {}
