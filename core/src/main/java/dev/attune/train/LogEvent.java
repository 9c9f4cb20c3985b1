package dev.attune.train;

/**
 * The state of a run after one optimizer step.
 *
 * @param step steps done, from 1
 * @param totalSteps steps of the whole run
 * @param epoch epochs done, fractional
 * @param totalEpochs epochs of the whole run
 * @param loss mean training loss since the last report; not a number if no update was made since
 * @param stepLoss training loss of this step; not a number if it made no update
 * @param learningRate the rate that this step used
 * @param gradNorm global L2 norm of the gradient before clipping
 * @param stepSamples examples of this step
 * @param stepTokens tokens of this step
 * @param tokensPerSecond tokens computed a second, over the last steps
 * @param realTokenShare share of those tokens that is text and not padding, 0 to 1
 * @param residentBytes memory of the process
 * @param etaSeconds estimated seconds to the end; NaN while unknown
 * @param periodic true at every {@code logging_steps}: this event is worth keeping
 */
public record LogEvent(
        int step,
        int totalSteps,
        double epoch,
        double totalEpochs,
        double loss,
        double stepLoss,
        double learningRate,
        double gradNorm,
        int stepSamples,
        long stepTokens,
        double tokensPerSecond,
        double realTokenShare,
        long residentBytes,
        double etaSeconds,
        boolean periodic) {}
