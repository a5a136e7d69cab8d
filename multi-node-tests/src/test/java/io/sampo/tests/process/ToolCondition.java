package io.sampo.tests.process;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Decides on {@link RequiresTool}. */
final class ToolCondition implements ExecutionCondition {

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    List<String> missing =
        AnnotationSupport.findAnnotation(context.getElement(), RequiresTool.class)
            .map(required -> Arrays.stream(required.value()).filter(ToolCondition::absent).toList())
            .orElse(List.of());
    return missing.isEmpty()
        ? ConditionEvaluationResult.enabled("every tool is there")
        : ConditionEvaluationResult.disabled("not on the PATH: " + String.join(", ", missing));
  }

  private static boolean absent(String name) {
    return Tool.find(name).isEmpty();
  }
}
