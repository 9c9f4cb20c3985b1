package dev.attune.optim;

import dev.attune.nn.Parameter;
import java.util.Map;

/**
 * Parameters that an optimizer treats alike.
 *
 * @param parameters by name
 * @param weightDecay pulls them towards zero; what exactly it means is up to the optimizer
 * @param rateFactor multiplies the learning rate of each step
 */
public record ParameterGroup(Map<String, Parameter> parameters, double weightDecay, double rateFactor) {}
