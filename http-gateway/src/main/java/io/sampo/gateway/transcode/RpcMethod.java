package io.sampo.gateway.transcode;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Internal;
import com.google.protobuf.Message;
import com.google.protobuf.MessageLite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.grpc.javadsl.Metadata;
import org.apache.pekko.stream.javadsl.Source;

/** One RPC of a service: the Java method behind its descriptor, found once. */
final class RpcMethod {
  private final MethodDescriptor descriptor;
  private final MethodHandle handle;
  private final Message requestPrototype;
  private final boolean waiting;
  private final CallAdmission admission;
  private final CallListener listener;
  private final String path;

  private RpcMethod(
      MethodDescriptor descriptor,
      MethodHandle handle,
      Message requestPrototype,
      ServiceBinding service) {
    this.waiting = service.waiting().contains(descriptor.getName());
    this.admission = service.admission();
    this.listener = service.listener();
    this.path = "/" + descriptor.getService().getFullName() + "/" + descriptor.getName();
    this.descriptor = descriptor;
    this.handle = handle;
    this.requestPrototype = requestPrototype;
  }

  /**
   * @throws IllegalArgumentException if the implementation has no such method
   */
  static RpcMethod of(ServiceBinding service, MethodDescriptor descriptor) {
    String rpc = descriptor.getName();
    String name = Character.toLowerCase(rpc.charAt(0)) + rpc.substring(1);
    for (Method method : service.implementation().getClass().getMethods()) {
      Class<?>[] parameters = method.getParameterTypes();
      if (method.getName().equals(name)
          && !method.isBridge()
          && parameters.length == 2
          && parameters[1] == Metadata.class) {
        Method declared = publicMethod(service.implementation().getClass(), method);
        return new RpcMethod(
            descriptor, bind(service, declared), prototype(declared, descriptor), service);
      }
    }
    throw new IllegalArgumentException(
        service.implementation().getClass() + " does not implement " + descriptor.getFullName());
  }

  /** The method as the generated interface declares it: the class itself need not be public. */
  private static Method publicMethod(Class<?> type, Method method) {
    for (Class<?> at = type; at != null; at = at.getSuperclass()) {
      for (Class<?> face : at.getInterfaces()) {
        for (Method declared : face.getMethods()) {
          if (declared.getName().equals(method.getName())
              && declared.getParameterCount() == 2
              && declared.getParameterTypes()[1] == Metadata.class) {
            return declared;
          }
        }
      }
    }
    throw new IllegalArgumentException(method + " is not declared by a generated interface");
  }

  private static MethodHandle bind(ServiceBinding service, Method method) {
    try {
      return MethodHandles.publicLookup().unreflect(method).bindTo(service.implementation());
    } catch (IllegalAccessException e) {
      throw new IllegalArgumentException(method + " is not public", e);
    }
  }

  private static Message prototype(Method method, MethodDescriptor descriptor) {
    Type type = method.getGenericParameterTypes()[0];
    if (type instanceof ParameterizedType source) {
      type = source.getActualTypeArguments()[0];
    }
    Class<? extends MessageLite> messageType = ((Class<?>) type).asSubclass(MessageLite.class);
    Message prototype = (Message) Internal.getDefaultInstance(messageType);
    if (prototype.getDescriptorForType() != descriptor.getInputType()) {
      throw new IllegalArgumentException(method + " does not take " + descriptor.getInputType());
    }
    return prototype;
  }

  Message requestPrototype() {
    return requestPrototype;
  }

  /** Whether a unary call may last, and is to be cancelled when nobody wants its answer. */
  boolean isWaiting() {
    return waiting;
  }

  boolean isServerStreaming() {
    return descriptor.isServerStreaming();
  }

  boolean isClientStreaming() {
    return descriptor.isClientStreaming();
  }

  /** Calls a unary method; an exception of the call itself becomes a failed stage. */
  CompletionStage<Message> callUnary(Message request, Metadata metadata) {
    CallListener.Call call = listener.begun(path, metadata);
    call.received(request);
    CompletionStage<Message> reply = admitted(call, request, metadata);
    reply.whenComplete(
        (response, failure) -> {
          if (failure == null) {
            call.sent(response);
          }
          Failure end = failure == null ? Failure.NONE : Failure.silently(failure);
          call.ended(end.code(), end.text());
        });
    return reply;
  }

  private CompletionStage<Message> admitted(
      CallListener.Call call, Message request, Metadata metadata) {
    Optional<RuntimeException> refusal = admission.refusal(path, Optional.of(request));
    if (refusal.isPresent()) {
      return CompletableFuture.failedFuture(refusal.get());
    }
    return call.within(request, () -> ask(request, metadata));
  }

  @SuppressWarnings("unchecked")
  private CompletionStage<Message> ask(Message request, Metadata metadata) {
    try {
      return (CompletionStage<Message>) handle.invoke(request, metadata);
    } catch (Throwable failure) {
      return CompletableFuture.failedFuture(rethrowErrors(failure));
    }
  }

  /**
   * Calls a method that answers a message with a stream; an exception of the call itself becomes a
   * failed stream.
   */
  Source<Message, NotUsed> callWithOne(Message request, Metadata metadata) {
    CallListener.Call call = listener.begun(path, metadata);
    call.received(request);
    return callStreaming(request, Optional.of(request), metadata).via(new CountedAnswers(call));
  }

  /** The same for a method whose client sends a stream. */
  Source<Message, NotUsed> callWithMany(Source<Message, NotUsed> requests, Metadata metadata) {
    CallListener.Call call = listener.begun(path, metadata);
    Source<Message, NotUsed> counted =
        requests.map(
            request -> {
              call.received(request);
              return request;
            });
    return callStreaming(counted, Optional.empty(), metadata).via(new CountedAnswers(call));
  }

  @SuppressWarnings("unchecked")
  private Source<Message, NotUsed> callStreaming(
      Object request, Optional<Message> message, Metadata metadata) {
    Optional<RuntimeException> refusal = admission.refusal(path, message);
    if (refusal.isPresent()) {
      return Source.failed(refusal.get());
    }
    try {
      return (Source<Message, NotUsed>) handle.invoke(request, metadata);
    } catch (Throwable failure) {
      return Source.failed(rethrowErrors(failure));
    }
  }

  private static Throwable rethrowErrors(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure;
  }
}
