// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0
#include "rpc/reflection_v1.h"

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "grpcpp/support/status_code_enum.h"

namespace sluice {
namespace {

namespace reflection = grpc::reflection::v1;
using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::FileDescriptorProto;

void NotFound(absl::string_view what,
              reflection::ServerReflectionResponse* response) {
  reflection::ErrorResponse* const error = response->mutable_error_response();
  error->set_error_code(grpc::StatusCode::NOT_FOUND);
  error->set_error_message(absl::StrCat(what, " is not known here"));
}

// The file and all it imports, each once.
void AddFile(const FileDescriptor* file,
             absl::flat_hash_set<const FileDescriptor*>* seen,
             reflection::FileDescriptorResponse* response) {
  if (!seen->insert(file).second) return;
  FileDescriptorProto proto;
  file->CopyTo(&proto);
  response->add_file_descriptor_proto(proto.SerializeAsString());
  for (int i = 0; i < file->dependency_count(); ++i) {
    AddFile(file->dependency(i), seen, response);
  }
}

void AnswerFile(const FileDescriptor* file, absl::string_view what,
                reflection::ServerReflectionResponse* response) {
  if (file == nullptr) return NotFound(what, response);
  absl::flat_hash_set<const FileDescriptor*> seen;
  AddFile(file, &seen, response->mutable_file_descriptor_response());
}

void AnswerExtension(const reflection::ExtensionRequest& request,
                     reflection::ServerReflectionResponse* response) {
  const DescriptorPool& pool = *DescriptorPool::generated_pool();
  const Descriptor* const type =
      pool.FindMessageTypeByName(request.containing_type());
  const FieldDescriptor* const extension =
      type == nullptr
          ? nullptr
          : pool.FindExtensionByNumber(type, request.extension_number());
  AnswerFile(extension == nullptr ? nullptr : extension->file(),
             absl::StrCat("extension ", request.extension_number(), " of ",
                          request.containing_type()),
             response);
}

void AnswerExtensionNumbers(const std::string& type_name,
                            reflection::ServerReflectionResponse* response) {
  const DescriptorPool& pool = *DescriptorPool::generated_pool();
  const Descriptor* const type = pool.FindMessageTypeByName(type_name);
  if (type == nullptr) return NotFound(type_name, response);
  reflection::ExtensionNumberResponse* const numbers =
      response->mutable_all_extension_numbers_response();
  numbers->set_base_type_name(type_name);
  std::vector<const FieldDescriptor*> extensions;
  pool.FindAllExtensions(type, &extensions);
  for (const FieldDescriptor* const extension : extensions) {
    numbers->add_extension_number(extension->number());
  }
}

}  // namespace

void AnswerReflection(const std::vector<std::string>& services,
                      const reflection::ServerReflectionRequest& request,
                      reflection::ServerReflectionResponse* response) {
  using Request = reflection::ServerReflectionRequest;
  const DescriptorPool& pool = *DescriptorPool::generated_pool();
  response->set_valid_host(request.host());
  *response->mutable_original_request() = request;
  switch (request.message_request_case()) {
    case Request::kFileByFilename:
      return AnswerFile(pool.FindFileByName(request.file_by_filename()),
                        request.file_by_filename(), response);
    case Request::kFileContainingSymbol:
      return AnswerFile(
          pool.FindFileContainingSymbol(request.file_containing_symbol()),
          request.file_containing_symbol(), response);
    case Request::kFileContainingExtension:
      return AnswerExtension(request.file_containing_extension(), response);
    case Request::kAllExtensionNumbersOfType:
      return AnswerExtensionNumbers(request.all_extension_numbers_of_type(),
                                    response);
    case Request::kListServices:
      for (const std::string& name : services) {
        response->mutable_list_services_response()->add_service()->set_name(
            name);
      }
      return;
    case Request::MESSAGE_REQUEST_NOT_SET:
      break;
  }
  reflection::ErrorResponse* const error = response->mutable_error_response();
  error->set_error_code(grpc::StatusCode::INVALID_ARGUMENT);
  error->set_error_message("the request asks for nothing");
}

}  // namespace sluice
