/**
 * What a model can learn. {@link dev.attune.task.TaskType} is a kind of problem: one folder below this package holds all that
 * belongs to it, from the columns it reads to the loss, the metrics and the answers. The way of the data through a task:
 *
 * <pre>
 * Dataset  --prepare-->  TaskData  --encode-->  Examples  --bind-->  Task  --evaluation-->  results, artifacts
 *                                                         model      Pipeline  --predict-->  answers
 * </pre>
 *
 * <p>The trainer turns {@link dev.attune.task.Task}, the command line turns {@link dev.attune.task.Pipeline}; neither knows a
 * task by name. {@link dev.attune.task.Tasks} finds the tasks that there are.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.task;
