#include "stack_frames.hpp"

#include <array>

namespace demo_engine {
namespace {

constexpr std::array<std::string_view, 20> kExpressionFrames = {
    "org.operaton.bpm.engine.impl.el.JuelExpression.getValue(JuelExpression.java:72)",
    "org.operaton.bpm.engine.impl.el.JuelExpression.getValue(JuelExpression.java:53)",
    "org.operaton.bpm.engine.impl.bpmn.listener.ExpressionExecutionListener.notify("
    "ExpressionExecutionListener.java:39)",
    "org.operaton.bpm.engine.impl.core.instance.CoreExecution.invokeListener(CoreExecution.java:105)",
    "org.operaton.bpm.engine.impl.core.operation.AbstractEventAtomicOperation.execute("
    "AbstractEventAtomicOperation.java:"
    "59)",
    "org.operaton.bpm.engine.impl.interceptor.AtomicOperationInvocation.execute(AtomicOperationInvocation."
    "java:99)",
    "org.operaton.bpm.engine.impl.interceptor.CommandInvocationContext.invokeNext(CommandInvocationContext."
    "java:137)",
    "org.operaton.bpm.engine.impl.interceptor.CommandInvocationContext.performNext(CommandInvocationContext."
    "java:117)",
    "org.operaton.bpm.engine.impl.interceptor.CommandInvocationContext.performOperation("
    "CommandInvocationContext.java:95)",
    "org.operaton.bpm.engine.impl.persistence.entity.ExecutionEntity.performOperation(ExecutionEntity.java:"
    "620)",
    "org.operaton.bpm.engine.impl.persistence.entity.ExecutionEntity.performOperation(ExecutionEntity.java:"
    "594)",
    "org.operaton.bpm.engine.impl.pvm.runtime.operation.PvmAtomicOperationDeleteCascade.execute("
    "PvmAtomicOperationDeleteCascade.java:69)",
    "org.operaton.bpm.engine.impl.pvm.runtime.PvmExecutionImpl.deleteCascade(PvmExecutionImpl.java:608)",
    "org.operaton.bpm.engine.impl.persistence.entity.ExecutionManager.deleteProcessInstance(ExecutionManager."
    "java:91)",
    "org.operaton.bpm.engine.impl.cmd.AbstractDeleteProcessInstanceCmd.deleteProcessInstance("
    "AbstractDeleteProcessInstanceCmd.java:88)",
    "java.base/java.util.ArrayList.forEach(ArrayList.java:1511)",
    "org.operaton.bpm.engine.impl.cmd.DeleteProcessInstancesCmd.execute(DeleteProcessInstancesCmd.java:51)",
    "org.operaton.bpm.engine.impl.cmd.DeleteProcessInstancesCmd.execute(DeleteProcessInstancesCmd.java:30)",
    "org.operaton.bpm.engine.impl.interceptor.CommandContext.executeWithOperationLogPrevented(CommandContext."
    "java:632)",
    "org.operaton.bpm.engine.impl.batch.deletion.DeleteProcessInstancesJobHandler.executeHandler("
    "DeleteProcessInstancesJobHandler.java:75)",
};

constexpr std::array<std::string_view, 18> kExecutorFrames = {
    "org.operaton.bpm.engine.impl.batch.AbstractBatchJobHandler.execute(AbstractBatchJobHandler.java:120)",
    "org.operaton.bpm.engine.impl.batch.AbstractBatchJobHandler.execute(AbstractBatchJobHandler.java:49)",
    "org.operaton.bpm.engine.impl.persistence.entity.JobEntity.execute(JobEntity.java:126)",
    "org.operaton.bpm.engine.impl.cmd.ExecuteJobsCmd.execute(ExecuteJobsCmd.java:111)",
    "org.operaton.bpm.engine.impl.cmd.ExecuteJobsCmd.execute(ExecuteJobsCmd.java:43)",
    "org.operaton.bpm.engine.impl.interceptor.CommandExecutorImpl.execute(CommandExecutorImpl.java:29)",
    "org.operaton.bpm.engine.impl.interceptor.CommandContextInterceptor.execute(CommandContextInterceptor."
    "java:113)",
    "org.operaton.bpm.engine.spring.SpringTransactionInterceptor.lambda$execute$0("
    "SpringTransactionInterceptor.java:64)",
    "org.springframework.transaction.support.TransactionTemplate.execute(TransactionTemplate.java:140)",
    "org.operaton.bpm.engine.spring.SpringTransactionInterceptor.execute(SpringTransactionInterceptor.java:"
    "64)",
    "org.operaton.bpm.engine.impl.interceptor.LogInterceptor.execute(LogInterceptor.java:34)",
    "org.operaton.bpm.engine.impl.interceptor.ExceptionCodeInterceptor.execute(ExceptionCodeInterceptor.java:"
    "55)",
    "org.operaton.bpm.engine.impl.jobexecutor.ExecuteJobHelper.executeJob(ExecuteJobHelper.java:52)",
    "org.operaton.bpm.engine.impl.jobexecutor.ExecuteJobsRunnable.executeJob(ExecuteJobsRunnable.java:110)",
    "org.operaton.bpm.engine.impl.jobexecutor.ExecuteJobsRunnable.run(ExecuteJobsRunnable.java:71)",
    "java.base/java.util.concurrent.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:1136)",
    "java.base/java.util.concurrent.ThreadPoolExecutor$Worker.run(ThreadPoolExecutor.java:635)",
    "java.base/java.lang.Thread.run(Thread.java:840)",
};

constexpr std::array<std::string_view, 8> kReflectionFrames = {
    "java.base/"
    "jdk.internal.reflect.DelegatingMethodAccessorImpl.invoke(DelegatingMethodAccessorImpl.java:43)",
    "java.base/java.lang.reflect.Method.invoke(Method.java:569)",
    "jakarta.el.ELUtil.invokeMethod(ELUtil.java:215)",
    "jakarta.el.BeanELResolver.invoke(BeanELResolver.java:487)",
    "org.operaton.bpm.impl.juel.AstMethod.invoke(AstMethod.java:100)",
    "org.operaton.bpm.impl.juel.AstEval.eval(AstEval.java:53)",
    "org.operaton.bpm.impl.juel.TreeValueExpression.getValue(TreeValueExpression.java:113)",
    "org.operaton.bpm.engine.impl.delegate.ExpressionGetInvocation.invoke(ExpressionGetInvocation.java:42)",
};

void add_frame(std::string& trace, std::string_view frame) {
  trace += "\tat ";
  trace += frame;
  trace += '\n';
}

template <std::size_t count>
void add_frames(std::string& trace, const std::array<std::string_view, count>& frames) {
  for (const std::string_view frame : frames) add_frame(trace, frame);
}

}  // namespace

std::string delegate_trace(const std::string& message, const std::string& cause, std::string_view thrower,
                           std::string_view root_cause) {
  std::string trace = "org.operaton.bpm.engine.ProcessEngineException: " + message + '\n';
  add_frames(trace, kExpressionFrames);
  add_frames(trace, kExecutorFrames);
  trace += "Caused by: " + cause + '\n';
  add_frame(trace, thrower);
  add_frames(trace, kReflectionFrames);
  trace += "\t... 37 more\nCaused by: ";
  trace += root_cause;
  trace += '\n';
  add_frame(trace, "java.base/sun.nio.ch.NioSocketImpl.implRead(NioSocketImpl.java:325)");
  add_frame(trace, thrower);
  trace += "\t... 46 more\n";
  return trace;
}

std::string command_trace(const std::string& first_line, std::string_view thrower) {
  std::string trace = first_line + '\n';
  add_frame(trace, thrower);
  add_frames(trace, kExecutorFrames);
  return trace;
}

}  // namespace demo_engine
